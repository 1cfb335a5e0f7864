package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a database of bbolt (file format version 2), which containerd keeps its containers and snapshots in. Read-only and
 * for files that may be forged: every number is checked before it is used, no page is read twice for one bucket, and bytes,
 * depth and entries are bounded.
 *
 * <p>Pages of one size: two with meta data, of which the valid one with the higher transaction counts, then branches and
 * leaves of B+ trees. A leaf's value may be a bucket: the number of its root page, or, if that is 0, a leaf page in place.
 */
final class Bolt {
    private static final int MAGIC = 0xED0CDAED;
    private static final int VERSION = 2;
    private static final int HEADER = 16;
    private static final int ELEMENT = 16;
    private static final int BRANCH = 1;
    private static final int LEAF = 2;
    private static final int NESTED = 1;
    private static final int META_BYTES = 64;
    private static final int SMALLEST_PAGE = 512;
    private static final int LARGEST_PAGE = 1 << 20;
    private static final int LARGEST_RUN = 64 << 20;
    /** Bytes that are read, by those of the file: each level of buckets in place copies what is below it. */
    private static final int MOST_COPIES = 8;

    private static final int MOST_LEVELS = 32;
    private static final int MOST_ENTRIES = 1_000_000;

    private final SeekableByteChannel file;
    private final String name;
    private final Meta meta;
    private long bytesLeft;
    private int entriesLeft = MOST_ENTRIES;

    private record Meta(ByteOrder order, int pageSize, long root, long pages, long transaction) {}

    private Bolt(SeekableByteChannel file, String name, Meta meta, long bytesLeft) {
        this.file = file;
        this.name = name;
        this.meta = meta;
        this.bytesLeft = bytesLeft;
    }

    /**
     * Opens a database.
     *
     * @param name what errors call it
     * @param mostBytes largest file that is read
     */
    static Bolt open(SeekableByteChannel file, String name, long mostBytes) throws IOException {
        if (file.size() > mostBytes) {
            throw new DamagedException(name + " has " + file.size() + " bytes, more than " + mostBytes);
        }
        Meta first = meta(file, 0).orElse(null);
        Meta second = first == null ? null : meta(file, first.pageSize()).orElse(null);
        // The first may be the one that was being written: then the second is where a page size puts it.
        for (int size = SMALLEST_PAGE; first == null && second == null && size <= LARGEST_PAGE; size *= 2) {
            int offset = size;
            second =
                    meta(file, offset).filter(meta -> meta.pageSize() == offset).orElse(null);
        }
        Meta meta = first == null || (second != null && second.transaction() > first.transaction()) ? second : first;
        if (meta == null) {
            throw new DamagedException(name + " has no valid meta page of a bbolt database");
        }
        return new Bolt(file, name, meta, MOST_COPIES * file.size());
    }

    private static Optional<Meta> meta(SeekableByteChannel file, long page) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(META_BYTES);
        if (!fill(file, page + HEADER, bytes)) {
            return Optional.empty();
        }
        bytes.order(
                bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC
                        ? ByteOrder.LITTLE_ENDIAN
                        : ByteOrder.BIG_ENDIAN);
        int size = bytes.getInt(8);
        boolean valid = bytes.getInt(0) == MAGIC
                && bytes.getInt(4) == VERSION
                && bytes.getLong(56) == fnv(bytes.array(), 56)
                && size >= SMALLEST_PAGE
                && size <= LARGEST_PAGE
                && Integer.bitCount(size) == 1;
        return valid
                ? Optional.of(new Meta(bytes.order(), size, bytes.getLong(16), bytes.getLong(40), bytes.getLong(48)))
                : Optional.empty();
    }

    /** FNV-1a with 64 bits. */
    private static long fnv(byte[] bytes, int length) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ (bytes[i] & 0xFF)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The bucket that holds all others. */
    Bucket root() throws IOException {
        return bucket(meta.root());
    }

    /** Keys with their values or with buckets, in the order of the file. Keys are UTF-8. */
    final class Bucket {
        private final Map<String, byte[]> values = new LinkedHashMap<>();
        private final Map<String, byte[]> nested = new LinkedHashMap<>();

        Optional<byte[]> value(String key) {
            return Optional.ofNullable(values.get(key));
        }

        Optional<String> text(String key) {
            return value(key).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }

        /** All values as texts. */
        Map<String, String> texts() {
            Map<String, String> texts = new LinkedHashMap<>();
            values.forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
            return texts;
        }

        Set<String> buckets() {
            return nested.keySet();
        }

        /** A bucket in this one; an empty one where there is none. */
        Bucket bucket(String key) throws IOException {
            byte[] value = nested.get(key);
            return value == null ? new Bucket() : nested(value);
        }
    }

    private Bucket nested(byte[] value) throws IOException {
        if (value.length < HEADER) {
            throw damaged("a bucket of " + value.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(value).order(meta.order());
        long page = bytes.getLong(0);
        if (page != 0) {
            return bucket(page);
        }
        Bucket bucket = new Bucket();
        ByteBuffer inline = bytes.position(HEADER).slice().order(meta.order());
        if (inline.remaining() < HEADER || flags(inline) != LEAF) {
            throw damaged("a bucket in place that holds no leaf page");
        }
        leaf(inline, "in place", bucket);
        return bucket;
    }

    private Bucket bucket(long root) throws IOException {
        Bucket bucket = new Bucket();
        walk(root, bucket, new HashSet<>(), 0);
        return bucket;
    }

    private void walk(long id, Bucket bucket, Set<Long> seen, int level) throws IOException {
        if (!seen.add(id)) {
            throw damaged("page " + id + " is reached twice");
        }
        if (level == MOST_LEVELS) {
            throw damaged("more than " + MOST_LEVELS + " levels above page " + id);
        }
        ByteBuffer page = page(id);
        int flags = flags(page);
        if (flags == LEAF) {
            leaf(page, Long.toString(id), bucket);
        } else if (flags == BRANCH) {
            int count = count(page, Long.toString(id));
            for (int i = 0; i < count; i++) {
                walk(page.getLong(HEADER + i * ELEMENT + 8), bucket, seen, level + 1);
            }
        } else {
            throw damaged("page " + id + " is neither branch nor leaf but " + flags);
        }
    }

    private void leaf(ByteBuffer page, String id, Bucket bucket) throws IOException {
        int count = count(page, id);
        for (int i = 0; i < count; i++) {
            int at = HEADER + i * ELEMENT;
            long key = at + unsigned(page, at + 4);
            long value = key + unsigned(page, at + 8);
            long end = value + unsigned(page, at + 12);
            if (end > page.limit()) {
                throw damaged("entry " + i + " of page " + id + " ends beyond it");
            }
            if (--entriesLeft < 0) {
                throw damaged("more than " + MOST_ENTRIES + " entries");
            }
            String text = new String(slice(page, key, value), StandardCharsets.UTF_8);
            boolean nested = (page.getInt(at) & NESTED) != 0;
            (nested ? bucket.nested : bucket.values).put(text, slice(page, value, end));
        }
    }

    private byte[] slice(ByteBuffer page, long from, long to) throws IOException {
        bytesLeft -= to - from;
        if (bytesLeft < 0) {
            throw damaged("its pages lead to more bytes than it has");
        }
        byte[] slice = new byte[(int) (to - from)];
        page.get((int) from, slice);
        return slice;
    }

    private ByteBuffer page(long id) throws IOException {
        long most = file.size() / meta.pageSize();
        if (id < 2 || id >= meta.pages() || id >= most) {
            throw damaged("there is no page " + id);
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(meta.order());
        read(id * meta.pageSize(), header);
        if (header.getLong(0) != id) {
            throw damaged("page " + id + " says that it is page " + header.getLong(0));
        }
        long length = (1 + unsigned(header, 12)) * meta.pageSize();
        if (length > LARGEST_RUN || id * meta.pageSize() + length > file.size()) {
            throw damaged("page " + id + " goes on for " + length + " bytes");
        }
        bytesLeft -= length;
        if (bytesLeft < 0) {
            throw damaged("its pages lead to more bytes than it has");
        }
        ByteBuffer page = ByteBuffer.allocate((int) length).order(meta.order());
        read(id * meta.pageSize(), page);
        return page;
    }

    private int count(ByteBuffer page, String id) throws IOException {
        int count = page.getShort(10) & 0xFFFF;
        if (HEADER + (long) count * ELEMENT > page.limit()) {
            throw damaged("page " + id + " claims " + count + " entries, more than it can hold");
        }
        return count;
    }

    private static int flags(ByteBuffer page) {
        return page.getShort(8) & 0xFFFF;
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xFFFFFFFFL;
    }

    private void read(long at, ByteBuffer bytes) throws IOException {
        if (!fill(file, at, bytes)) {
            throw damaged("it ends within a page");
        }
    }

    private static boolean fill(SeekableByteChannel file, long at, ByteBuffer bytes) throws IOException {
        file.position(at);
        while (bytes.hasRemaining()) {
            if (file.read(bytes) < 0) {
                return false;
            }
        }
        return true;
    }

    private DamagedException damaged(String what) {
        return new DamagedException(name + " is damaged: " + what);
    }
}
