package io.kordon.kubernetes.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SocketTableTest {
    private static final String TCP =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private static final String UDP =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                    + "  timeout inode ref pointer drops\n";

    @Test
    void writesAddressesAndStatesForPeople() throws IOException {
        assertThat(decode(TCP
                        + "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0"
                        + " 21482 1 0000000000000000 100 0 0 10 0\n"
                        + TCP
                        + "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A"
                        + " 00000000:00000000 00:00000000 00000000  1000        0 555 1 0000000000000000\n"
                        + "   1: 0000000000000000FFFF00001101F40A:1F90 0000000000000000FFFF0000076433C6:D431 01"
                        + " 00000000:00000000 00:00000000 00000000  1000        0 556 1 0000000000000000\n"
                        + UDP
                        + "  12: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0"
                        + " 777 2 0000000000000000 0\n"))
                .isEqualTo("""
                        tcp4 127.0.0.1:3306 -> 0.0.0.0:0 LISTEN uid=999 inode=21482
                        tcp6 [0:0:0:0:0:0:0:1]:8080 -> [0:0:0:0:0:0:0:0]:0 LISTEN uid=1000 inode=555
                        tcp6 10.244.1.17:8080 -> 198.51.100.7:54321 ESTABLISHED uid=1000 inode=556
                        udp4 127.0.0.53:53 -> 0.0.0.0:0 - uid=101 inode=777
                        """);
    }

    @Test
    void leavesOutWhatIsNoSocket() throws IOException {
        assertThat(decode("\u001b[31mall clear\0\n" + "9".repeat(1_000_000) + "\n"
                        + "   0: XX00007F:0CEA 00000000:0000 0A 0:0 0:0 0 0 0 0\n"))
                .isEmpty();
    }

    private static String decode(String table) throws IOException {
        return SocketTable.decode(new ByteArrayInputStream(table.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
