package io.automationhub.ai.provider;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.Set;

/** How OpenAI and those who are compatible say that a request failed, in the body of an answer and in streams. */
final class OpenAiErrors {

    private static final Set<String> QUOTA = Set.of(
            "insufficient_quota",
            "credit_balance_exhausted",
            "organization_spend_limit_exceeded",
            "project_spend_limit_exceeded",
            "organization_usage_limit_exceeded",
            "billing_hard_limit_reached");

    private static final Set<String> UNAVAILABLE =
            Set.of("server_error", "server_is_overloaded", "slow_down", "overloaded_error");

    private OpenAiErrors() {}

    /** @param body {@code {error: {message, type, code}}}, or these fields themselves */
    static ProviderRefusal of(int status, JsonObject body) {
        JsonObject error = body.get("error") instanceof JsonObject inner ? inner : body;
        String type = Answers.text(error, "type");
        String code = error.get("code") == null ? type : Json.toText(error.get("code"));
        String text = error.get("message") == null
                ? body.get("error") instanceof String said ? said : Answers.text(body, "text")
                : Json.toText(error.get("message"));
        return new ProviderRefusal(reason(status, type, code, text), code, text, null);
    }

    private static ProviderRefusal.Reason reason(int status, String type, String code, String text) {
        if (QUOTA.contains(code) || QUOTA.contains(type)) {
            return ProviderRefusal.Reason.QUOTA;
        }
        if (code.equals("context_length_exceeded") || text.contains("maximum context length")) {
            return ProviderRefusal.Reason.CONTEXT;
        }
        if (code.equals("rate_limit_exceeded")) {
            return ProviderRefusal.Reason.RATE_LIMIT;
        }
        if (UNAVAILABLE.contains(code) || UNAVAILABLE.contains(type)) {
            return ProviderRefusal.Reason.UNAVAILABLE;
        }
        if (code.equals("invalid_api_key")) {
            return ProviderRefusal.Reason.AUTH;
        }
        if (code.equals("model_not_found")) {
            return ProviderRefusal.Reason.MODEL;
        }
        return status >= 200 && status < 300 && type.equals("invalid_request_error")
                ? ProviderRefusal.Reason.REQUEST
                : Answers.reason(status);
    }
}
