package io.kordon.kubernetes;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network by CIDR and perhaps one TCP port of it.
 *
 * @param cidr as {@code 10.1.2.0/24}, without bits behind the prefix
 * @param port 1 to 65535, or 0 for all ports and protocols
 */
record Network(String cidr, int port) implements Comparable<Network> {
    private static final Pattern PARTS =
            Pattern.compile("\\[([^\\[\\]]+)](?::(\\d{1,5}))?|([^:\\[\\]]+)(?::(\\d{1,5}))?");
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]{2,39}");

    /** Reads {@code CIDR[:port]}; an address without a prefix is that one host. */
    static Network parse(String parameter, String entry, String text) throws StepFailure {
        String address = text;
        String port = "";
        if (text.startsWith("[") || text.indexOf(':') == text.lastIndexOf(':')) { // else it is IPv6 without a port
            Matcher parts = PARTS.matcher(text);
            if (!parts.matches()) {
                throw bad(parameter, entry, "it is not CIDR[:port]");
            }
            address = parts.group(1) == null ? parts.group(3) : parts.group(1);
            String given = parts.group(1) == null ? parts.group(4) : parts.group(2);
            port = given == null ? "" : given;
        }
        int number = port.isEmpty() ? 0 : Integer.parseInt(port);
        if (!port.isEmpty() && (number < 1 || number > 65_535)) {
            throw bad(parameter, entry, port + " is no port");
        }
        return new Network(cidr(parameter, entry, address), number);
    }

    boolean hasPort() {
        return port > 0;
    }

    @Override
    public int compareTo(Network other) {
        int byCidr = cidr.compareTo(other.cidr);
        return byCidr != 0 ? byCidr : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return !hasPort() ? cidr : (cidr.contains(":") ? "[" + cidr + "]" : cidr) + ":" + port;
    }

    private static String cidr(String parameter, String entry, String text) throws StepFailure {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = bytes(parameter, entry, address);
        int bits = bytes.length * 8;
        String given = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        if (!given.matches("0|[1-9]\\d{0,2}") || Integer.parseInt(given) > bits) {
            throw bad(parameter, entry, "/" + given + " is no prefix of " + address);
        }
        int prefix = Integer.parseInt(given);
        if (prefix == 0) {
            throw bad(parameter, entry, "/0 is everybody: that is no isolation");
        }
        for (int bit = prefix; bit < bits; bit++) {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                throw bad(parameter, entry, address + " has bits behind its prefix of " + prefix);
            }
        }
        return (bytes.length == 4 ? address : canonical(bytes)) + "/" + prefix;
    }

    private static byte[] bytes(String parameter, String entry, String address) throws StepFailure {
        Matcher four = IPV4.matcher(address);
        if (four.matches()) {
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int octet = Integer.parseInt(four.group(i + 1));
                if (octet > 255) {
                    throw bad(parameter, entry, address + " is no IP address");
                }
                bytes[i] = (byte) octet;
            }
            return bytes;
        }
        if (address.contains(":") && IPV6.matcher(address).matches()) {
            try {
                InetAddress parsed = InetAddress.getByName(address); // a literal: nobody is asked for it
                if (parsed instanceof Inet6Address) {
                    return parsed.getAddress();
                }
            } catch (UnknownHostException e) {
                throw bad(parameter, entry, address + " is no IP address");
            }
        }
        throw bad(parameter, entry, address + " is no IP address; names are not looked up");
    }

    /** By RFC 5952: the longest run of zeros left out. */
    private static String canonical(byte[] bytes) throws StepFailure {
        try {
            return compressed(InetAddress.getByAddress(bytes).getHostAddress());
        } catch (UnknownHostException e) {
            throw new StepFailure("an address of " + bytes.length + " bytes is none");
        }
    }

    private static String compressed(String groups) {
        String best = "";
        Matcher zeros = Pattern.compile("(?:^|:)0(?::0)+(?::|$)").matcher(groups);
        while (zeros.find()) {
            if (zeros.group().length() > best.length()) {
                best = zeros.group();
            }
        }
        return best.isEmpty() ? groups : groups.replaceFirst(Pattern.quote(best), "::");
    }

    private static StepFailure bad(String parameter, String entry, String why) {
        return new StepFailure("parameter " + parameter + ": '" + entry + "': " + why
                + "; write dns, to=10.1.2.0/24:443 or from=10.1.2.3");
    }
}
