package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * A request that the API server did not fulfil.
 *
 * @param code HTTP status, 0 where there was no answer
 * @param retryable whether the same request may succeed in a moment
 * @param detail for an operator: what the server said, and what to do about it
 */
record ApiFailure(int code, boolean retryable, String detail) {
    /** Conflict, too many requests, and what a server or a proxy before it says when it is not well. */
    private static final Set<Integer> RETRYABLE = Set.of(408, 409, 429, 500, 502, 503, 504);

    static ApiFailure of(KubernetesClientException e, Set<Permission> needed) {
        int code = Math.max(0, e.getCode()); // the client says -1 where there was no answer
        String said = said(e);
        if (code == 0) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SSLException) {
                    return new ApiFailure(
                            0,
                            false,
                            "no trusted connection to the API server: check its certificate and the CA: " + said);
                }
            }
            return new ApiFailure(0, true, "no answer from the API server: " + said);
        }
        return new ApiFailure(
                code,
                RETRYABLE.contains(code),
                switch (code) {
                    case 401 -> "401: the API server does not know the service account: renew its token: " + said;
                    case 403 ->
                        "403: the service account may not: " + said + "; needed are: "
                                + new TreeSet<>(needed.stream()
                                                .map(Permission::toString)
                                                .collect(Collectors.toSet()))
                                        .stream().collect(Collectors.joining(", "));
                    case 404 -> "404: not found: " + said;
                    case 409 -> "409: the object kept changing while it was written: " + said;
                    case 422 -> "422: the API server finds the change invalid: " + said;
                    default -> code + ": " + said;
                });
    }

    private static String said(KubernetesClientException e) {
        if (e.getStatus() != null && e.getStatus().getMessage() != null) {
            return e.getStatus().getMessage();
        }
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null ? String.valueOf(e.getMessage()) : cause.getMessage();
    }
}
