package io.kordon.gateway;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its one answer; whatever comes second is dropped. Lives on the event loop of its connection, except
 * {@link #answerLater}, which any thread may call.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** How long a sender that was refused may go on sending before its connection is cut. */
    private static final long DRAIN_MS = 5_000;

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context loop;
    private final HttpServerRequest request;
    private final String path;
    private final GatewayMetrics metrics;
    private final Duration retryAfter;
    private final MemoryBudget.Share memory;
    private final MemoryBudget.Share unproven;
    private final Strangers strangers;
    private final long begun = System.nanoTime();
    private long timer = NO_TIMER;
    private boolean complete;
    private boolean answered;
    private String sender = "";

    /**
     * @param path one of the door's own, or {@code other}: a label, never what the client wrote
     * @param memory its share of all bodies
     * @param unproven its share of bodies whose sender is not proven yet
     * @param strangers asked before a refusal of somebody unknown is logged
     */
    Exchange(
            Vertx vertx,
            HttpServerRequest request,
            String path,
            GatewayMetrics metrics,
            Duration retryAfter,
            MemoryBudget.Share memory,
            MemoryBudget.Share unproven,
            Strangers strangers) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.request = request;
        this.path = path;
        this.metrics = metrics;
        this.retryAfter = retryAfter;
        this.memory = memory;
        this.unproven = unproven;
        this.strangers = strangers;
        this.complete = request.getHeader(HttpHeaders.CONTENT_LENGTH) == null
                && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null;
        metrics.begun();
        request.exceptionHandler(gone -> end(499));
        request.response().exceptionHandler(gone -> end(499));
        request.response().closeHandler(gone -> end(499));
    }

    HttpServerRequest request() {
        return request;
    }

    MemoryBudget.Share memory() {
        return memory;
    }

    MemoryBudget.Share unproven() {
        return unproven;
    }

    /** Names who sent it, for the log. */
    void sentBy(String name) {
        sender = name;
    }

    boolean isAnswered() {
        return answered;
    }

    /** Replaces the running timer, if any: refuses unless the exchange was answered before. */
    void refuseAfter(Duration time, Refusal refusal) {
        stopTimer();
        if (!answered) {
            timer = vertx.setTimer(Math.max(1, time.toMillis()), fired -> {
                timer = NO_TIMER;
                refuse(refusal);
            });
        }
    }

    /** Says that the body has arrived whole. */
    void complete() {
        complete = true;
    }

    void answerLater(Answer answer) {
        loop.runOnContext(now -> answer(answer));
    }

    void refuse(Refusal refusal) {
        if (refusal.status() == 408) {
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
        }
        answer(Answer.refused(refusal));
    }

    void answer(Answer answer) {
        if (answered) {
            return;
        }
        boolean stranger = sender.isEmpty() || sender.equals(Doorkeeper.ANONYMOUS);
        if (answer.status() != 200 && (!stranger || strangers.mayBeLogged())) {
            LOG.info(
                    "Answered {} {} to {} on {}{}",
                    answer.status(),
                    answer.code(),
                    request.remoteAddress(),
                    path,
                    sender.isEmpty() ? "" : " as " + sender);
        }
        if (answer.kind() != Answer.Kind.COUNTED) {
            metrics.refused(path, String.valueOf(answer.code()));
        }
        if (answer.kind() == Answer.Kind.RETRY) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        send(answer.status(), "application/json", answer.json());
    }

    void send(int status, String contentType, String body) {
        if (answered) {
            return;
        }
        HttpServerResponse response = request.response();
        end(status);
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader("X-Content-Type-Options", "nosniff");
        if (!complete) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        response.end(body).onComplete(sent -> {
            if (!complete && !request.isEnded()) {
                drain();
            }
        });
    }

    /**
     * Reads on for a while and forgets: closing at once would reset the connection, and the sender, still busy sending,
     * would not see why.
     */
    private void drain() {
        long cut = vertx.setTimer(DRAIN_MS, fired -> request.connection().close());
        request.handler(bytes -> {});
        request.endHandler(end -> {
            vertx.cancelTimer(cut);
            request.connection().close();
        });
        request.resume();
    }

    private void end(int status) {
        if (!answered) {
            answered = true;
            stopTimer();
            memory.release();
            unproven.release();
            metrics.ended(path, status, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private void stopTimer() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}
