package io.kordon.streams.oracle;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The patterns that a text value stands for once its modifiers have been applied, in their order. */
final class OracleText {
    /** The characters that {@code windash} takes for one another. */
    private static final String DASHES = "-/\u2013\u2014\u2015";

    private OracleText() {}

    static List<Pattern> patterns(String value, List<String> modifiers, boolean keyword) {
        List<byte[]> bytes = null;
        List<String> texts = List.of(value);
        boolean encoded = false;
        for (String modifier : modifiers) {
            switch (modifier) {
                case "windash" ->
                    texts = texts.stream()
                            .flatMap(text -> windash(text, 0).stream())
                            .toList();
                case "wide", "utf16le" -> bytes = bytes(texts, StandardCharsets.UTF_16LE);
                case "utf16be" -> bytes = bytes(texts, StandardCharsets.UTF_16BE);
                case "utf16" ->
                    bytes = bytes(texts.stream().map(text -> "\uFEFF" + text).toList(), StandardCharsets.UTF_16LE);
                case "base64" -> {
                    texts = (bytes == null ? bytes(texts, StandardCharsets.UTF_8) : bytes)
                            .stream().map(Base64.getEncoder()::encodeToString).toList();
                    encoded = true;
                }
                case "base64offset" -> {
                    texts = (bytes == null ? bytes(texts, StandardCharsets.UTF_8) : bytes)
                            .stream().flatMap(plain -> offsets(plain).stream()).toList();
                    encoded = true;
                }
                default -> {
                    // The rest say where the text stands and how it is compared.
                }
            }
        }
        boolean before = keyword || modifiers.contains("contains") || modifiers.contains("endswith");
        boolean after = keyword || modifiers.contains("contains") || modifiers.contains("startswith");
        int flags =
                Pattern.DOTALL | (modifiers.contains("cased") ? 0 : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        boolean literal = encoded;
        return texts.stream()
                .map(text -> (before ? ".*" : "") + (literal ? Pattern.quote(text) : regex(text)) + (after ? ".*" : ""))
                .map(regex -> Pattern.compile(regex, flags))
                .toList();
    }

    /**
     * "The backslash character is used for escaping of wildcards as well as the backslash character itself"; one before
     * anything else is plain.
     */
    static String regex(String value) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escapes = c == '\\' && i + 1 < value.length() && "\\*?".indexOf(value.charAt(i + 1)) >= 0;
            if (escapes) {
                regex.append(Pattern.quote(String.valueOf(value.charAt(++i))));
            } else if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                int point = value.codePointAt(i);
                regex.append("\\x{").append(Integer.toHexString(point)).append('}');
                i += Character.charCount(point) - 1;
            }
        }
        return regex.toString();
    }

    private static List<String> windash(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (DASHES.indexOf(text.charAt(i)) >= 0) {
                List<String> all = new ArrayList<>();
                for (int dash = 0; dash < DASHES.length(); dash++) {
                    all.addAll(windash(text.substring(0, i) + DASHES.charAt(dash) + text.substring(i + 1), i + 1));
                }
                return all;
            }
        }
        return List.of(text);
    }

    private static List<byte[]> bytes(List<String> texts, Charset charset) {
        return texts.stream().map(text -> text.getBytes(charset)).toList();
    }

    /** What of the encoded value stays the same wherever it begins in a longer text: three shifts, without the ends. One of
     * which nothing is left is none. */
    private static List<String> offsets(byte[] plain) {
        List<String> all = new ArrayList<>();
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = new byte[shift + plain.length];
            System.arraycopy(plain, 0, shifted, shift, plain.length);
            // A sextet is certain if all of its bits are the value's: those from the first whole one to the last.
            int first = (shift * 8 + 5) / 6;
            int last = shifted.length * 8 / 6;
            String encoded = Base64.getEncoder().encodeToString(Arrays.copyOf(shifted, shifted.length));
            if (last > first) {
                all.add(encoded.substring(first, last));
            }
        }
        return all;
    }
}
