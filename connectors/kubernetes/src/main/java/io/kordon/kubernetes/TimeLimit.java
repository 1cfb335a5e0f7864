package io.kordon.kubernetes;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Waits for work no longer than it may take. The work has a thread of its own, since a call that hangs, be it to the API
 * server, to a container or to a store, need not answer to an interrupt; such a thread is left behind and ends when its
 * call does.
 */
final class TimeLimit {
    private TimeLimit() {}

    /**
     * What the work comes to, or nothing where its time is over.
     *
     * @param over what to do when nobody waits any more, before the work is interrupted: an interrupt may wake it
     * @throws InterruptedException where the waiting thread or the work was interrupted
     */
    static <T> Optional<T> within(Duration limit, String what, Callable<T> work, Runnable over)
            throws InterruptedException {
        Map<String, String> context = MDC.getCopyOfContextMap();
        FutureTask<T> task = new FutureTask<>(() -> {
            if (context != null) {
                MDC.setContextMap(context);
            }
            return work.call();
        });
        Thread thread = new Thread(task, Thread.currentThread().getName() + "-" + what);
        thread.setDaemon(true);
        thread.start();
        try {
            return Optional.of(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            over.run();
            task.cancel(true);
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) throws InterruptedException {
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }
}
