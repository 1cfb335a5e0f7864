package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again what the API server could not do just now, and makes of every failure a sentence for an operator. */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    interface Work<T> {
        T get() throws StepFailure;
    }

    /**
     * A value, or why there is none.
     *
     * @param value null where it failed
     * @param failure empty where it did not
     */
    record Outcome<T>(@Nullable T value, String failure) {}

    private final RetryPolicy retry;
    private final RetryPolicy.Pause pause;
    private final ActuatorMetrics metrics;

    Attempts(RetryPolicy retry, RetryPolicy.Pause pause, ActuatorMetrics metrics) {
        this.retry = retry;
        this.pause = pause;
        this.metrics = metrics;
    }

    /**
     * Does the work until it is done, or until trying again does not help.
     *
     * @param needed permissions to name where one is missing
     * @throws InterruptedException where the actuator stops; doing it again is safe
     */
    <T> Outcome<T> of(String what, Set<Permission> needed, Work<T> work) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return new Outcome<>(work.get(), "");
            } catch (StepFailure e) {
                return new Outcome<>(null, String.valueOf(e.getMessage()));
            } catch (KubernetesClientException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("stopped during " + what);
                }
                ApiFailure failure = ApiFailure.of(e, needed);
                if (!failure.retryable() || tried == retry.attempts()) {
                    metrics.gaveUp(what, failure.code());
                    return new Outcome<>(null, failure.detail() + (tried == 1 ? "" : " (tried " + tried + " times)"));
                }
                metrics.retry(what, failure.code());
                pause.of(retry.delayAfter(tried));
            } catch (CancellationException e) {
                throw new InterruptedException("nobody waits for " + what + " any more");
            } catch (RuntimeException e) { // a bug, or an object that no schema allows: it must not stop the partition
                metrics.failure("step");
                LOG.error("{} met what it does not expect", what, e);
                return new Outcome<>(null, "unexpected, see the actuator's log: " + e);
            }
        }
    }
}
