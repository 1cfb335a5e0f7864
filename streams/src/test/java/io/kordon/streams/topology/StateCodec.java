package io.kordon.streams.topology;

import io.kordon.streams.correlation.EntityState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/** State as it comes back from its store and its changelog. */
public final class StateCodec {
    private StateCodec() {}

    /** As a restart, or another instance, finds it. */
    public static EntityState throughBytes(EntityState state) {
        return fromBytes(bytes(state));
    }

    /** The state that a stored record holds. */
    public static EntityState fromBytes(byte[] bytes) {
        try {
            return StateRecords.state(new SpecificDatumReader<>(io.kordon.avro.EntityState.class)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it comes back when it was stored by a release whose schema was {@code old}. */
    public static EntityState throughBytes(EntityState state, Schema old) {
        try {
            Schema current = io.kordon.avro.EntityState.getClassSchema();
            GenericRecord projected = new GenericDatumReader<GenericRecord>(current, old)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes(state), null));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(old).write(projected, encoder);
            encoder.flush();
            return StateRecords.state(new SpecificDatumReader<io.kordon.avro.EntityState>(old, current)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The record as it is stored. */
    public static byte[] bytes(EntityState state) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new SpecificDatumWriter<>(io.kordon.avro.EntityState.class).write(StateRecords.record(state), encoder);
            encoder.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
