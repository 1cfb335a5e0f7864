package io.kordon.streams.json;

/**
 * JSON that is not parsed yet. Most events lack most fields that rules name, and a search of the text tells so at a
 * hundredth of what parsing costs.
 */
record JsonText(String json) {
    /** What Go and others write as escapes in every text that has them; no name that is searched for contains them. */
    private static final String HARMLESS = "003c 003e 0026 0027 2028 2029 ";

    private static final int ESCAPE = 4;

    /** Whether a key that the path begins with can be in the text. False is certain, true is not. */
    boolean mayHold(String path) {
        if (!isPlain(path)) {
            return true;
        }
        int dot = path.indexOf('.');
        String start = dot < 0 ? path : path.substring(0, dot);
        for (int at = json.indexOf(start); at >= 0; at = json.indexOf(start, at + 1)) {
            if (at > 0 && json.charAt(at - 1) == '"' && isKeyOf(path, at)) {
                return true;
            }
        }
        return spellsNames();
    }

    /** Whether what is quoted here is the path or ends where a dot is in it. */
    private boolean isKeyOf(String path, int at) {
        int same = 0;
        while (same < path.length() && at + same < json.length() && json.charAt(at + same) == path.charAt(same)) {
            same++;
        }
        boolean ends = at + same < json.length() && json.charAt(at + same) == '"';
        return ends && (same == path.length() || path.charAt(same) == '.');
    }

    /** Whether it has escapes by which a key could be spelt. */
    private boolean spellsNames() {
        for (int at = json.indexOf("\\u"); at >= 0; at = json.indexOf("\\u", at + 1)) {
            if (at + 2 + ESCAPE > json.length() || !isHarmless(at + 2)) {
                return true;
            }
        }
        return false;
    }

    private boolean isHarmless(int at) {
        for (int i = 0; i < HARMLESS.length(); i += ESCAPE + 1) {
            if (json.regionMatches(true, at, HARMLESS, i, ESCAPE)) {
                return true;
            }
        }
        return false;
    }

    /** Made of letters that are written in one way unless as escapes. */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && "._-[]".indexOf(c) < 0) {
                return false;
            }
        }
        return !path.isEmpty() && path.charAt(0) != '.';
    }
}
