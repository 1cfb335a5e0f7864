package io.kordon.kubernetes.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's tables of sockets, {@code /proc/net/tcp} and its like, for people: addresses in their usual writing, states
 * by name. Lines that are none of a table are left out; the raw text is in the bundle beside it.
 *
 * @see <a href="https://docs.kernel.org/networking/proc_net_tcp.html">proc_net_tcp</a>
 */
final class SocketTable {
    private static final int MAX_LINES = 20_000;
    private static final int MAX_LINE = 512;

    private static final Pattern SOCKET = Pattern.compile("\\s*\\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})"
            + " ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{2}) \\S+ \\S+ \\S+ +(\\d+) +\\d+ +(\\d+)(?: .*)?");

    private static final Map<String, String> TCP_STATES = Map.ofEntries(
            Map.entry("01", "ESTABLISHED"),
            Map.entry("02", "SYN_SENT"),
            Map.entry("03", "SYN_RECV"),
            Map.entry("04", "FIN_WAIT1"),
            Map.entry("05", "FIN_WAIT2"),
            Map.entry("06", "TIME_WAIT"),
            Map.entry("07", "CLOSE"),
            Map.entry("08", "CLOSE_WAIT"),
            Map.entry("09", "LAST_ACK"),
            Map.entry("0A", "LISTEN"),
            Map.entry("0B", "CLOSING"),
            Map.entry("0C", "NEW_SYN_RECV"));

    private SocketTable() {}

    /** One line per socket: protocol, local address, remote address, state, user id, inode. */
    static String decode(InputStream tables) throws IOException {
        StringBuilder decoded = new StringBuilder();
        boolean udp = false;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(tables, StandardCharsets.ISO_8859_1))) {
            String line = line(lines);
            for (int count = 0; line != null && count < MAX_LINES; count++, line = line(lines)) {
                if (line.contains("local_address")) {
                    udp = line.contains("drops"); // the tables of UDP have a column more
                }
                Matcher socket = SOCKET.matcher(line);
                if (socket.matches()) {
                    append(decoded, socket, udp);
                }
            }
        }
        return decoded.toString();
    }

    private static void append(StringBuilder decoded, Matcher socket, boolean udp) throws IOException {
        String state = udp ? "-" : TCP_STATES.getOrDefault(socket.group(5), "state " + socket.group(5));
        decoded.append(udp ? "udp" : "tcp")
                .append(socket.group(1).length() == 8 ? "4 " : "6 ")
                .append(address(socket.group(1), socket.group(2)))
                .append(" -> ")
                .append(address(socket.group(3), socket.group(4)))
                .append(' ')
                .append(state)
                .append(" uid=")
                .append(socket.group(6))
                .append(" inode=")
                .append(socket.group(7))
                .append('\n');
    }

    /** The kernel writes an address as 32-bit words in its own byte order: little-endian on all nodes but s390x. */
    private static String address(String hex, String port) throws IOException {
        byte[] words = HexFormat.of().parseHex(hex);
        byte[] address = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            address[i] = words[i / 4 * 4 + 3 - i % 4];
        }
        String host = InetAddress.getByAddress(address).getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + Integer.parseInt(port, 16);
    }

    /** A line of bounded length: an attacker's may have no end. */
    private static @Nullable String line(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = reader.read()) {
            if (line.length() < MAX_LINE) {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
