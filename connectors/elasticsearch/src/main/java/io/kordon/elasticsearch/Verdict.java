package io.kordon.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.transport.TransportException;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.elasticsearch.client.ResponseException;
import org.jspecify.annotations.Nullable;

/** What Elasticsearch's answer means for a document. */
sealed interface Verdict {
    /** It is there; {@code already} when it, or a newer revision, was there before. */
    record Done(boolean already) implements Verdict {}

    /** Nothing is wrong with the document: the same request may succeed later. */
    record Later(int status, String reason) implements Verdict {}

    /** It will never be taken as it is. */
    record Bad(int status, String reason) implements Verdict {}

    /** No answer at all. */
    int NO_STATUS = 0;

    /**
     * Errors that carry a client's status and are not the document's fault: the index is read-only (a full disk), closed,
     * or gone.
     */
    Set<String> NOT_THE_DOCUMENTS_FAULT = Set.of(
            "cluster_block_exception",
            "index_create_block",
            "index_closed_exception",
            "index_not_found_exception",
            "security_exception",
            "circuit_breaking_exception",
            "es_rejected_execution_exception",
            "unavailable_shards_exception",
            "validation_exception");

    /** Of one item of a bulk answer. */
    static Verdict ofItem(int status, @Nullable ErrorCause error) {
        if (status >= 200 && status < 300) {
            return new Done(false);
        }
        if (status == 409) {
            return new Done(true);
        }
        String reason = error == null ? "no reason given" : reason(error);
        boolean innocent =
                error != null && NOT_THE_DOCUMENTS_FAULT.contains(Objects.requireNonNullElse(error.type(), ""));
        return innocent || isLater(status) ? new Later(status, reason) : new Bad(status, reason);
    }

    /** Of a whole request that failed. 400 and 413 are Bad: one of its documents, or their number, is at fault. */
    static Verdict ofRequest(Exception thrown) {
        int status = status(thrown);
        String reason = thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
        return status == 400 || status == 413 ? new Bad(status, reason) : new Later(status, reason);
    }

    /** Status of the answer that an exception tells of, {@link #NO_STATUS} where there was none. */
    static int status(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof ElasticsearchException refused) {
                return refused.status();
            }
            if (t instanceof ResponseException refused) {
                return refused.getResponse().getStatusLine().getStatusCode();
            }
            if (t instanceof TransportException failed && failed.response() != null) {
                return failed.statusCode();
            }
        }
        return NO_STATUS;
    }

    /** Whether an exception of the client speaks of the server; anything else is a bug and is thrown on. */
    static boolean isOfServer(Exception thrown) {
        return thrown instanceof IOException || thrown instanceof ElasticsearchException;
    }

    private static boolean isLater(int status) {
        return status == 401 || status == 403 || status == 404 || status == 408 || status == 429 || status >= 500;
    }

    private static String reason(ErrorCause error) {
        StringBuilder text = new StringBuilder();
        ErrorCause cause = error;
        for (int depth = 0; cause != null && depth < 5; depth++, cause = cause.causedBy()) {
            text.append(depth == 0 ? "" : "; caused by ")
                    .append(cause.type())
                    .append(": ")
                    .append(cause.reason());
        }
        return text.toString();
    }
}
