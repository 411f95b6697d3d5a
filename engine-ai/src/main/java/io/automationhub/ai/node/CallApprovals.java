package io.automationhub.ai.node;

import io.automationhub.ai.message.Part;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What people decide of the calls of an agent, each decision once. Whoever approves may change the arguments; if those do not fit, it is
 * asked again. For one call of an executor.
 */
final class CallApprovals {

    private final ExecutionContext context;

    CallApprovals(ExecutionContext context) {
        this.context = context;
    }

    /**
     * What somebody decided.
     *
     * @param call with the arguments that count
     * @param refusal why it is not made, for the model; empty if it is
     */
    record Decided(Part.ToolCall call, JsonObject decision, String refusal) {}

    /**
     * What was decided of a call.
     *
     * @param name of the call
     * @throws NotEndedException if nothing was yet
     */
    Decided decided(String name, OfferedTool tool, ToolApproval approval, Part.ToolCall call) {
        String problem = "";
        for (int round = 1; ; round++) {
            String asked = name + "-approval-" + round;
            JsonObject request = approval.request(call, tool.checked(), problem);
            JsonObject decision = Json.object(context.once(asked, () -> decision(asked, approval, request)));
            if (Boolean.TRUE.equals(decision.get("expired"))) {
                return new Decided(call, decision, "Nobody approved the call in time, so it was not made");
            }
            if (!Boolean.TRUE.equals(decision.get("approved"))) {
                Object comment = decision.get("comment");
                return new Decided(
                        call, decision, "The call was denied" + (comment == null ? "" : ": " + Json.toText(comment)));
            }
            Part.ToolCall edited = edited(call, decision);
            Optional<String> wrong = tool.checked().problem(edited);
            if (wrong.isEmpty()) {
                return new Decided(edited, decision, "");
            }
            problem = "Approved with other arguments, which do not fit, so it is asked again. " + wrong.get();
        }
    }

    private static Part.ToolCall edited(Part.ToolCall call, JsonObject decision) {
        return decision.get("data") instanceof JsonObject data && data.get("arguments") instanceof JsonObject arguments
                ? new Part.ToolCall(call.id(), call.name(), arguments, null)
                : call;
    }

    /** What was decided. */
    private JsonObject decision(String asked, ToolApproval approval, JsonObject request) {
        String completion = context.idempotencyKey() + "/" + asked;
        if (context.wake().orElse(null) instanceof Woken.ByCompletion by
                && by.name().equals(completion)
                && by.value() instanceof JsonObject decision) {
            return decision;
        }
        List<Wake> wakes = new ArrayList<>();
        wakes.add(Wake.completion(completion, request));
        Duration expires = approval.expires();
        if (expires != null) {
            Object until = context.once(
                    asked + "-until", () -> context.now().plus(expires).toEpochMilli());
            Instant end = Instant.ofEpochMilli(until instanceof Long millis ? millis : 0);
            if (!end.isAfter(context.now())) {
                return JsonObject.of("approved", false).with("expired", true);
            }
            wakes.add(Wake.at(end));
        }
        throw new NotEndedException(wakes);
    }
}
