package io.kordon.streams.rule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A modifier that makes other texts of a text. After an encoding a text's characters are its bytes, 0 to 255. */
enum Transformation {
    CONTAINS,
    STARTSWITH,
    ENDSWITH,
    WINDASH,
    WIDE,
    UTF16LE,
    UTF16BE,
    UTF16,
    BASE64,
    BASE64OFFSET;

    static @Nullable Transformation named(String modifier) {
        for (Transformation transformation : values()) {
            if (transformation.name().toLowerCase(Locale.ROOT).equals(modifier)) {
                return transformation;
            }
        }
        return null;
    }

    boolean opens() {
        return this == CONTAINS || this == STARTSWITH || this == ENDSWITH;
    }

    /** Whether it makes bytes of characters, so that it has to know each of them. */
    boolean encodes() {
        return !opens() && this != WINDASH;
    }

    /** The texts, any of which is meant. */
    List<SigmaString> apply(SigmaString value, Node node) {
        return switch (this) {
            case CONTAINS -> List.of(value.open(true, true));
            case STARTSWITH -> List.of(value.open(false, true));
            case ENDSWITH -> List.of(value.open(true, false));
            case WINDASH -> List.of(value.windash());
            case WIDE, UTF16LE -> List.of(value.utf16(StandardCharsets.UTF_16LE, ""));
            case UTF16BE -> List.of(value.utf16(StandardCharsets.UTF_16BE, ""));
            case UTF16 -> List.of(value.utf16(StandardCharsets.UTF_16LE, "\u00ff\u00fe"));
            case BASE64 -> List.of(SigmaString.literal(Base64.getEncoder().encodeToString(bytes(value, node))));
            case BASE64OFFSET -> offsets(bytes(value, node));
        };
    }

    private byte[] bytes(SigmaString value, Node node) {
        if (!value.isPlain()) {
            throw Refusal.at(node, name().toLowerCase(Locale.ROOT) + " takes no value with wildcards");
        }
        return value.bytes();
    }

    /** What the bytes look like inside longer Base64, which depends on their position modulo three. */
    private static List<SigmaString> offsets(byte[] bytes) {
        List<SigmaString> forms = new ArrayList<>();
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = new byte[bytes.length + shift];
            Arrays.fill(shifted, 0, shift, (byte) ' ');
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            int from = shift == 0 ? 0 : shift + 1;
            int to = encoded.length() - (shifted.length % 3 == 0 ? 0 : 1);
            if (from < to) {
                forms.add(SigmaString.literal(encoded.substring(from, to)));
            }
        }
        return forms;
    }
}
