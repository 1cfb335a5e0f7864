package io.kordon.streams.topology;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Refuses records without a value, so that they are rejected with their coordinates like other undecodable ones. */
final class RequiredValue<T> implements Deserializer<T> {
    private final Deserializer<T> deserializer;

    private RequiredValue(Deserializer<T> deserializer) {
        this.deserializer = deserializer;
    }

    static <T> Serde<T> of(Serde<T> serde) {
        return Serdes.serdeFrom(serde.serializer(), new RequiredValue<>(serde.deserializer()));
    }

    @Override
    public T deserialize(String topic, byte @Nullable [] data) {
        return deserializer.deserialize(topic, required(topic, data));
    }

    @Override
    public T deserialize(String topic, Headers headers, byte @Nullable [] data) {
        return deserializer.deserialize(topic, headers, required(topic, data));
    }

    @Override
    public void close() {
        deserializer.close();
    }

    private static byte[] required(String topic, byte @Nullable [] data) {
        if (data == null || data.length == 0) {
            throw new SerializationException("a record of " + topic + " has no value");
        }
        return data;
    }
}
