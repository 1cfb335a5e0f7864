package io.kordon.streams.oracle;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** {@code cidr}, with addresses as numbers and networks as their leading binary digits. */
final class OracleNetwork {
    private OracleNetwork() {}

    static boolean contains(String network, String text) {
        String[] parts = network.split("/", -1);
        String base = bits(parts[0]);
        String address = bits(text);
        if (address == null || base == null || address.length() != base.length()) {
            return false;
        }
        int prefix = parts.length == 1 ? base.length() : Integer.parseInt(parts[1]);
        return address.startsWith(base.substring(0, prefix));
    }

    private static String bits(String text) {
        boolean four = text.matches("(\\d{1,3})(\\.\\d{1,3}){3}")
                && Arrays.stream(text.split("\\.", -1))
                        .allMatch(octet -> octet.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(octet) <= 255);
        boolean six = text.matches("[0-9a-fA-F:]{2,39}") && text.contains(":");
        if (!four && !six) {
            return null;
        }
        try {
            // No name is looked up: the text is an address, or is refused.
            byte[] bytes = InetAddress.getByName(text).getAddress();
            String digits = new BigInteger(1, bytes).toString(2);
            return "0".repeat(bytes.length * 8 - digits.length()) + digits;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
