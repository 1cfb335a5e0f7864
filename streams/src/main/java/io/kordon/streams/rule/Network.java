package io.kordon.streams.rule;

import org.jspecify.annotations.Nullable;

/**
 * An IP network in CIDR notation. IPv4 lives in {@code ::ffff:0:0/96}, so that an IPv4 address that a dual-stack server
 * wrote as IPv6 is still in its IPv4 network. Never asks DNS.
 *
 * @param high upper 64 bits of the network's address
 * @param low lower 64 bits
 * @param prefix number of leading bits that count, of 128
 */
record Network(long high, long low, int prefix) {
    private static final long MAPPED = 0xffff_0000_0000L;

    /** The network, or null where the text is none. */
    static @Nullable Network parse(String cidr) {
        int slash = cidr.indexOf('/');
        String address = slash < 0 ? cidr : cidr.substring(0, slash);
        long[] bits = address(address);
        if (bits == null) {
            return null;
        }
        boolean v6 = address.indexOf(':') >= 0;
        int most = v6 ? 128 : 32;
        String length = slash < 0 ? String.valueOf(most) : cidr.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > most) {
            return null;
        }
        return new Network(bits[0], bits[1], Integer.parseInt(length) + 128 - most);
    }

    /** Whether an address lies in it; false for what is no address. */
    boolean contains(String address) {
        long[] bits = address(address);
        return bits != null
                && (bits[0] & mask(prefix)) == (high & mask(prefix))
                && (bits[1] & mask(prefix - 64)) == (low & mask(prefix - 64));
    }

    private static long mask(int leading) {
        return leading <= 0 ? 0 : leading >= 64 ? -1L : -1L << (64 - leading);
    }

    private static long @Nullable [] address(String text) {
        if (text.isEmpty() || text.length() > 45) {
            return null;
        }
        if (text.indexOf(':') < 0) {
            long v4 = v4(text, 0);
            return v4 < 0 ? null : new long[] {0, MAPPED | v4};
        }
        return v6(text);
    }

    /** A dotted quad from an offset to the end, or -1. */
    private static long v4(String text, int from) {
        long address = 0;
        int part = -1;
        int parts = 0;
        for (int i = from; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (part < 0) {
                    return -1;
                }
                address = address << 8 | part;
                part = -1;
                parts++;
            } else if (c >= '0' && c <= '9' && part != 0) {
                part = (part < 0 ? 0 : part * 10) + (c - '0');
                if (part > 255) {
                    return -1;
                }
            } else {
                return -1;
            }
        }
        return parts == 4 ? address : -1;
    }

    private static long @Nullable [] v6(String text) {
        int[] groups = new int[8];
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            int end = text.indexOf(':', at);
            int stop = end < 0 ? text.length() : end;
            if (end < 0 && text.indexOf('.', at) >= 0) {
                long v4 = v4(text, at);
                if (v4 < 0 || count > 6) {
                    return null;
                }
                groups[count++] = (int) (v4 >> 16);
                groups[count++] = (int) (v4 & 0xffff);
                break;
            }
            int group = hex(text, at, stop);
            if (group < 0 || count == 8) {
                return null;
            }
            groups[count++] = group;
            at = stop;
            if (text.startsWith("::", at)) {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at += 2;
            } else if (at < text.length()) {
                at++;
                if (at == text.length()) {
                    return null;
                }
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        long[] bits = new long[2];
        for (int i = 0; i < count; i++) {
            int index = gap < 0 || i < gap ? i : 8 - count + i;
            bits[index / 4] |= (long) groups[i] << (48 - 16 * (index % 4));
        }
        return bits;
    }

    private static int hex(String text, int from, int to) {
        if (to == from || to - from > 4) {
            return -1;
        }
        int group = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 0x7f) {
                return -1;
            }
            group = group << 4 | digit;
        }
        return group;
    }
}
