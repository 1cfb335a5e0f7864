package io.kordon.elasticsearch;

import org.apache.avro.specific.SpecificRecord;

/** What a Kafka record's value turned out to be. */
sealed interface Decoded {
    /** A record of ours. */
    record Value(SpecificRecord record) implements Decoded {}

    /** A tombstone of a compacted topic: it trims Kafka, and says nothing of Elasticsearch. */
    record Tombstone() implements Decoded {}

    /**
     * Bytes that will never be a record of ours.
     *
     * @param code stable cause, as {@code value.undecodable}
     * @param cause what the deserializer threw, or a description; for the error reporter
     */
    record Unusable(String code, Exception cause) implements Decoded {}

    /** Nobody can tell now: the schema registry does not answer. Try again later. */
    record Unknown(Exception cause) implements Decoded {}
}
