package io.kordon.elasticsearch;

import co.elastic.clients.util.BinaryData;

/**
 * One document to write.
 *
 * @param index index or data stream
 * @param id id of the document, the same at every replay
 * @param write how it meets a document of the same id
 * @param json the document, UTF-8 bytes as the client sends them
 */
record Document(String index, String id, Write write, BinaryData json) {
    /** How a document meets another one of the same id. Either way, the answer "conflict" means: it is there already. */
    sealed interface Write {
        /** It is written once; the first stays. */
        record Create() implements Write {}

        /** The higher version stays; an equal one is written again. */
        record Replace(long version) implements Write {}
    }

    Document {
        if (index.isEmpty() || id.isEmpty()) {
            throw new IllegalArgumentException("a document needs an index and an id");
        }
    }
}
