package io.kordon.gateway;

import io.kordon.decoding.Decoder;
import io.kordon.schemas.Topic;

/** A path that takes one sender's format, and the topic that its events go to. */
record Webhook(String path, Decoder decoder, Topic<?> topic) {
    String source() {
        return decoder.source();
    }
}
