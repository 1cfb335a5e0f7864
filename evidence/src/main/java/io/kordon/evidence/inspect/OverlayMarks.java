package io.kordon.evidence.inspect;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What overlayfs notes on folders in extended attributes: that a folder replaces the image's (opaque), was renamed
 * (redirect), or that a file's content is elsewhere (metacopy).
 */
interface OverlayMarks {
    /**
     * The marks in one layer.
     *
     * @param opaque folders that hide what lies below them, as {@link Names#bytes} of paths within the layer; empty for the
     *     layer itself
     * @param notes what they mean for the report's completeness
     */
    record Marks(Set<String> opaque, Set<String> notes) {
        static final Marks NONE = new Marks(Set.of(), Set.of());

        public Marks {
            opaque = Set.copyOf(opaque);
            notes = Set.copyOf(notes);
        }

        boolean opaque(Path inside) {
            return opaque.contains(Names.bytes(inside));
        }

        /** These and others of the same layer. */
        Marks and(Set<String> more) {
            Set<String> all = new HashSet<>(opaque);
            all.addAll(more);
            return new Marks(all, notes);
        }
    }

    /**
     * Reads those of a layer.
     *
     * @param layer absolute path
     */
    Marks of(Path layer);
}
