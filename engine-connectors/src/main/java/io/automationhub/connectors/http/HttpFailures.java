package io.automationhub.connectors.http;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Says of a call that failed what it means to the node that made it. */
final class HttpFailures {

    private HttpFailures() {}

    static EngineException of(HttpCall call, IOException failure) {
        Optional<GuardedSockets.Refusal> refusal = find(failure, GuardedSockets.Refusal.class);
        if (refusal.isPresent()) {
            NonRetriableException why = refusal.get().why();
            return permanent(why.kind(), call, lowerFirst(why.getMessage()), why);
        }
        if (failure instanceof SSLPeerUnverifiedException) {
            return permanent(
                    HttpDoor.KIND_TLS,
                    call,
                    "the server's certificate is for another host; use the name that it is for",
                    failure);
        }
        if (failure instanceof SSLHandshakeException) {
            boolean certificate = find(failure, CertificateException.class).isPresent();
            return permanent(
                    HttpDoor.KIND_TLS,
                    call,
                    certificate
                            ? "the server's certificate is not trusted: " + message(call, root(failure))
                                    + "; if it is right, trust its authority"
                            : "no secure connection came about: " + message(call, failure),
                    failure);
        }
        if (find(failure, BoundedResolver.TooLongException.class).isPresent()) {
            return new RetriableException(
                    ExecutionError.KIND_TIMEOUT,
                    "Cannot send " + call + " for " + call.label()
                            + ": the look-up of its host took too long; look at the name servers, or raise connectTimeout",
                    null,
                    failure);
        }
        if (failure instanceof SocketTimeoutException && call.idleTimeout() != null) {
            return new RetriableException(
                    ExecutionError.KIND_TIMEOUT,
                    "Cannot read the answer to " + call + " for " + call.label() + ": nothing came for "
                            + call.idleTimeout() + "; raise the idle time-out, or try later",
                    null,
                    failure);
        }
        if (failure instanceof InterruptedIOException) {
            return new RetriableException(
                    ExecutionError.KIND_TIMEOUT,
                    "Cannot send " + call + " for " + call.label()
                            + ": it took too long; raise the timeout, or try later",
                    null,
                    failure);
        }
        String what = failure instanceof UnknownHostException
                ? "the host is unknown; look at its name"
                : "the connection failed: " + message(call, failure);
        return new RetriableException(
                HttpDoor.KIND_NETWORK, "Cannot send " + call + " for " + call.label() + ": " + what, null, failure);
    }

    static NonRetriableException permanent(String kind, HttpCall call, String what, @Nullable Throwable cause) {
        return new NonRetriableException(kind, "Cannot send " + call + " for " + call.label() + ": " + what, cause);
    }

    private static String message(HttpCall call, Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : call.masked(message);
    }

    private static String lowerFirst(@Nullable String text) {
        return text == null || text.isEmpty() ? "" : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    /** Among a failure, its causes and the failures of other addresses that were tried. */
    private static <T extends Throwable> Optional<T> find(@Nullable Throwable failure, Class<T> type) {
        if (failure == null) {
            return Optional.empty();
        }
        if (type.isInstance(failure)) {
            return Optional.of(type.cast(failure));
        }
        for (Throwable other : failure.getSuppressed()) {
            Optional<T> found = find(other, type);
            if (found.isPresent()) {
                return found;
            }
        }
        return find(failure.getCause(), type);
    }
}
