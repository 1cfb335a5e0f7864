package io.kordon.gateway;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files say, kept up to date. Looked at by content, because Kubernetes swaps a symbolic link somewhere above them. A
 * change counts only when two looks in a row saw the same, so that files which are being written are let be; what makes no
 * sense is logged and counted once, and what was in force stays.
 */
final class Reloaded<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);

    private final String what;
    private final Function<FileReads, T> load;
    private final Consumer<T> adopt;
    private final GatewayMetrics metrics;
    private volatile T current;
    private volatile boolean refused;
    private Map<Path, String> judged;
    private @Nullable Map<Path, String> pending;

    private Reloaded(
            String what, Function<FileReads, T> load, Consumer<T> adopt, GatewayMetrics metrics, FileReads reads) {
        this.what = what;
        this.load = load;
        this.adopt = adopt;
        this.metrics = metrics;
        this.current = load.apply(reads);
        this.judged = reads.seen();
        metrics.filesRefused(what, () -> refused ? 1 : 0);
    }

    /**
     * Loads for the first time.
     *
     * @param what {@code tls} or {@code credentials}: a label
     * @param load makes the value, or throws {@link IllegalArgumentException} saying what is wrong and never a secret
     * @param adopt told of each later value, before it is in force; what it throws refuses the value
     * @throws IllegalArgumentException when the files make no sense
     */
    static <T> Reloaded<T> load(String what, Function<FileReads, T> load, Consumer<T> adopt, GatewayMetrics metrics) {
        return new Reloaded<>(what, load, adopt, metrics, new FileReads());
    }

    /** What is in force. */
    T current() {
        return current;
    }

    /** One look at the files. */
    synchronized void look() {
        Map<Path, String> seen = FileReads.again(judged);
        if (seen.equals(judged)) {
            pending = null;
            return;
        }
        if (!seen.equals(pending)) {
            pending = seen;
            return;
        }
        FileReads reads = new FileReads();
        @Nullable String problem = null;
        @Nullable T next = null;
        try {
            next = load.apply(reads);
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        }
        Map<Path, String> read = reads.seen();
        if (seen.entrySet().stream()
                .anyMatch(file -> !file.getValue().equals(read.getOrDefault(file.getKey(), file.getValue())))) {
            pending = null; // they changed under our hands
            return;
        }
        judged = read;
        pending = null;
        judge(next, problem);
    }

    private void judge(@Nullable T next, @Nullable String problem) {
        String wrong = problem;
        if (next != null) {
            try {
                adopt.accept(next);
                current = next;
            } catch (IllegalArgumentException | IllegalStateException e) {
                wrong = String.valueOf(e.getMessage());
            }
        }
        refused = wrong != null;
        metrics.reloaded(what, wrong == null ? "adopted" : "refused");
        if (wrong == null) {
            LOG.info("The files of {} have changed and are in force", what);
        } else {
            LOG.warn("The files of {} have changed and are not used, what was in force stays: {}", what, wrong);
        }
    }
}
