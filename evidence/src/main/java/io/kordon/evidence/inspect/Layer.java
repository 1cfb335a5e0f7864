package io.kordon.evidence.inspect;

import java.nio.file.Path;

/**
 * A folder of one of an image's layers.
 *
 * @param top the layer's own folder
 * @param at the folder, in the layer
 */
record Layer(Path top, Path at) {
    Layer below(Path name) {
        return new Layer(top, at.resolve(name));
    }

    /** The path as the container sees it, relative. */
    Path inside() {
        return top.relativize(at);
    }
}
