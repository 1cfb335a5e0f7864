package io.kordon.streams.json;

/** Why a text is no JSON object, or none that is read. The message may quote the text: print it with care. */
public final class MalformedJson extends Exception {
    private static final long serialVersionUID = 1;

    MalformedJson(String reason) {
        super(reason, null, false, false); // no stack trace: a file may hold millions of these
    }
}
