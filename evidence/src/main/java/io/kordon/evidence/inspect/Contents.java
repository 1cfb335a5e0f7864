package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads files once, whatever the number of their names, and no more of them than the bounds allow. */
final class Contents {
    private static final int BUFFER = 1 << 16;
    private static final int MOST_REMEMBERED = 10_000;

    private final Volume volume;
    private final Budget budget;
    private final Map<String, Content> linked = new HashMap<>();

    /**
     * What is in a file.
     *
     * @param sha256 null where it was not read to its end
     * @param program whether it begins as programs do: ELF, or a script's {@code #!}
     * @param note why something is missing; empty if nothing is
     */
    record Content(@Nullable String sha256, boolean program, String note) {}

    Contents(Volume volume, Budget budget) {
        this.volume = volume;
        this.budget = budget;
    }

    Content of(Path file, Stat stat) {
        Content known = linked.get(stat.identity());
        if (known != null && stat.links() > 1) {
            return known;
        }
        Content content;
        try {
            content = read(file, stat);
        } catch (IOException e) {
            String why = "cannot be read: " + Names.printable(String.valueOf(e.getMessage()));
            budget.incomplete(Names.shown(file) + " " + why);
            content = new Content(null, false, why);
        }
        if (stat.links() > 1 && linked.size() < MOST_REMEMBERED) {
            linked.put(stat.identity(), content);
        }
        return content;
    }

    private Content read(Path file, Stat stat) throws IOException {
        try (SeekableByteChannel channel = volume.read(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            boolean ended = fill(channel, buffer);
            boolean program = program(buffer);
            if (stat.bytes() > budget.bounds().hashBytes()) {
                String why = "not hashed: larger than " + budget.bounds().hashBytes() + " bytes (--max-hash-bytes)";
                budget.incomplete(Names.shown(file) + " is " + why);
                return new Content(null, program, why);
            }
            if (!budget.hash(stat.bytes())) {
                return new Content(null, program, "not hashed: enough was");
            }
            MessageDigest digest = sha256();
            long read = buffer.remaining();
            digest.update(buffer);
            while (!ended && read <= stat.bytes() && !budget.late()) {
                buffer.clear();
                ended = fill(channel, buffer);
                read += buffer.remaining();
                digest.update(buffer);
            }
            if (read != stat.bytes()) {
                String why = "not hashed: it changed while it was read, or the time was over";
                budget.incomplete(Names.shown(file) + " is " + why);
                return new Content(null, program, why);
            }
            return new Content(HexFormat.of().formatHex(digest.digest()), program, "");
        }
    }

    /** Fills the buffer and flips it. Returns whether the file has ended. */
    private static boolean fill(SeekableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                buffer.flip();
                return true;
            }
        }
        buffer.flip();
        return false;
    }

    private static boolean program(ByteBuffer start) {
        boolean elf = start.remaining() >= 4 && start.getInt(0) == 0x7F454C46;
        boolean script = start.remaining() >= 2 && start.get(0) == '#' && start.get(1) == '!';
        return elf || script;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
