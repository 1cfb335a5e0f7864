package io.kordon.evidence.inspect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A container, and where its files are on the volume.
 *
 * @param upper folder of what it changed
 * @param layers folders of its image's layers, the uppermost first
 * @param logs files that the runtime itself writes its output to
 * @param notes what could not be found
 */
record Container(Identity identity, Optional<Path> upper, List<Path> layers, List<Path> logs, List<String> notes) {
    Container {
        layers = List.copyOf(layers);
        logs = List.copyOf(logs);
        notes = List.copyOf(notes);
    }
}
