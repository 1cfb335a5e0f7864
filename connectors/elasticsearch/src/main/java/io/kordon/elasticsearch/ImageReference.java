package io.kordon.elasticsearch;

import org.jspecify.annotations.Nullable;

/**
 * An image reference in its parts: {@code registry:5000/team/app:1.2@sha256:…}.
 *
 * @param name with the registry, without tag and digest
 * @param tag null where none is given
 * @param digest null where none is given
 */
record ImageReference(
        String name, @Nullable String tag, @Nullable String digest) {
    static ImageReference parse(String reference) {
        int at = reference.indexOf('@');
        String digest = at < 0 ? null : reference.substring(at + 1);
        String tagged = at < 0 ? reference : reference.substring(0, at);
        int colon = tagged.lastIndexOf(':');
        boolean hasTag = colon > tagged.lastIndexOf('/'); // a colon before a slash is a registry's port
        return hasTag
                ? new ImageReference(tagged.substring(0, colon), tagged.substring(colon + 1), digest)
                : new ImageReference(tagged, null, digest);
    }
}
