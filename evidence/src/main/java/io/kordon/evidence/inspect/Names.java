package io.kordon.evidence.inspect;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** File names are bytes of the attacker's choice: they are shown whole, and nothing that shows them obeys them. */
final class Names {
    /** A folder that is none, so that asking for an address of something in it touches no file. */
    private static final Path NOWHERE = Path.of("/dev/null/x");

    private Names() {}

    /** Path with {@code /} in front, as seen from the root that it is relative to; printable, and different for different bytes. */
    static String shown(Path relative) {
        return "/" + shown(bytes(relative));
    }

    /** The bytes of a path, one per character; whatever the JVM takes file names to be encoded in. */
    static String bytes(Path path) {
        String text = path.toString();
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        Path top = path.getRoot();
        if (top != null) {
            return top + bytes(top.relativize(path));
        }
        String address = NOWHERE.resolve(path).toUri().getRawPath();
        StringBuilder bytes = new StringBuilder();
        for (int i = NOWHERE.toString().length() + 1; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c == '%') {
                bytes.append((char) Integer.parseInt(address, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.append(c);
            }
        }
        return bytes.toString();
    }

    /** Text of bytes that should be UTF-8: what is not, and what a terminal would obey, by its number in hexadecimal. */
    static String shown(String bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        StringBuilder shown = new StringBuilder();
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            out.flip();
            shown.append(printable(out.toString()));
            out.clear();
            if (!result.isError()) {
                return shown.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                shown.append("\\x%02x".formatted(in.get()));
            }
            decoder.reset();
        }
    }

    /** Text with what a terminal would obey escaped, and the backslash, so that no name can look like another. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\\') {
                printable.append("\\\\");
            } else if (obeyed(c)) {
                printable.append(c < 0x100 ? "\\x%02x".formatted(c) : "\\u{%x}".formatted(c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }

    private static boolean obeyed(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> true;
            default -> false;
        };
    }
}
