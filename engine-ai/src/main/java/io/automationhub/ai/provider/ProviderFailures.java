package io.automationhub.ai.provider;

import io.automationhub.ai.model.ProviderCall;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says to the caller what a provider refused, and whether another attempt may help. */
final class ProviderFailures {

    /** The kind of failure of too many requests or tokens. */
    static final String KIND_RATE_LIMIT = "rate-limit";

    /** The kind of failure of a provider that cannot at the moment. */
    static final String KIND_UNAVAILABLE = "unavailable";

    /** The kind of failure of an account without means. */
    static final String KIND_QUOTA = "quota";

    /** The kind of failure of a request that the provider does not take as it is. */
    static final String KIND_REQUEST = "model-request";

    /** The kind of failure of a conversation that does not fit into the model's window. */
    static final String KIND_CONTEXT = "model-context";

    private static final String KIND_AUTH = "auth";

    private static final List<String> REQUEST_IDS = List.of("request-id", "x-request-id", "apim-request-id");

    private ProviderFailures() {}

    static RuntimeException of(ProviderRefusal refusal, HttpCall sent, HttpAnswer answer, ProviderCall call) {
        JsonObject.Builder details = JsonObject.builder().put("status", answer.status());
        if (!refusal.code().isEmpty()) {
            details.put("code", refusal.code());
        }
        requestId(answer).ifPresent(id -> details.put("requestId", id));
        String message = "The provider refused the request of " + call.label() + " (" + sent + ", status "
                + answer.status() + (refusal.code().isEmpty() ? "" : ", " + refusal.code()) + "): " + refusal.text()
                + advice(refusal.reason());
        Optional<Boolean> again = answer.header("x-should-retry").map(Boolean::parseBoolean);
        boolean passes = again.orElse(refusal.reason() == ProviderRefusal.Reason.RATE_LIMIT
                || refusal.reason() == ProviderRefusal.Reason.UNAVAILABLE);
        return passes
                ? new RetriableException(
                        kind(refusal.reason()), message, details.build(), wait(refusal, answer, call), null)
                : new NonRetriableException(kind(refusal.reason()), message, details.build(), null);
    }

    private static String kind(ProviderRefusal.Reason reason) {
        return switch (reason) {
            case RATE_LIMIT -> KIND_RATE_LIMIT;
            case UNAVAILABLE -> KIND_UNAVAILABLE;
            case QUOTA -> KIND_QUOTA;
            case AUTH -> KIND_AUTH;
            case CONTEXT -> KIND_CONTEXT;
            case MODEL, REQUEST -> KIND_REQUEST;
        };
    }

    private static String advice(ProviderRefusal.Reason reason) {
        return switch (reason) {
            case RATE_LIMIT -> "; ask less often, or give the connection a rate";
            case UNAVAILABLE -> "; it may pass, give the node a retry or a fallback";
            case QUOTA -> "; waiting does not help: look at the account's credit and limits, or name a fallback";
            case AUTH -> "; look at the key of the connection and what it may do";
            case MODEL -> "; look at the model's name, and whether the account has it";
            case CONTEXT -> "; send less, or ask a model with a larger window";
            case REQUEST -> "";
        };
    }

    // ---------------------------------------------------------------- how long to wait

    private static @Nullable Duration wait(ProviderRefusal refusal, HttpAnswer answer, ProviderCall call) {
        return answer.header("retry-after-ms")
                .filter(text -> text.matches("[0-9]{1,12}"))
                .map(text -> Duration.ofMillis(Long.parseLong(text)))
                .or(() -> answer.retryAfter(call.now().get()))
                .orElse(refusal.retryAfter());
    }

    /** By which the provider finds the request. */
    static Optional<String> requestId(HttpAnswer answer) {
        for (String name : REQUEST_IDS) {
            Optional<String> id = answer.header(name);
            if (id.isPresent()) {
                return id;
            }
        }
        return Optional.empty();
    }
}
