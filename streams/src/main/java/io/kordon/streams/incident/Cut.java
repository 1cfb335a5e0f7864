package io.kordon.streams.incident;

/** Texts that others write, at a length that an incident can carry: its record must stay one that Kafka takes. */
final class Cut {
    /** A reason, or what the API server said. Results carry more, and are kept as well. */
    static final int DETAIL = 1_024;

    private Cut() {}

    /** At most {@code limit} characters, the last of them an ellipsis if something is missing. */
    static String to(int limit, String text) {
        if (text.length() <= limit) {
            return text;
        }
        int end = limit - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
