package io.automationhub.ai.node;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an agent has done so far, and what that used and cost. */
final class AgentTally {

    private final List<@Nullable Object> attempts = new ArrayList<>();
    private final List<@Nullable Object> calls = new ArrayList<>();
    private final Map<String, Integer> byTool = new HashMap<>();
    private final Map<String, Integer> byCall = new HashMap<>();
    private Usage usage = Usage.NONE;
    private int reissued;
    private @Nullable Cost cost;

    void add(ModelCall.Asked.Answered answered) {
        JsonObject outcome = answered.outcome();
        usage = usage.plus(Usage.of(Json.object(outcome.get("usage"))));
        Cost more = Cost.of(Json.object(outcome.get("cost")));
        cost = cost == null ? more : cost.plus(more);
        reissued += Boolean.TRUE.equals(outcome.get(ModelCall.REISSUED)) ? 1 : 0;
        attempts.addAll(answered.before());
        attempts.addAll(outcome.get("attempts") instanceof JsonArray list ? list : JsonArray.EMPTY);
    }

    /**
     * Looks whether there is an answer to go on with.
     *
     * @throws NonRetriableException if it was refused or held back, with all that was done in its details
     */
    void check(ModelCall.Asked.Answered answered) {
        try {
            ModelCall.check(answered);
        } catch (NonRetriableException e) {
            throw with(e);
        }
    }

    /** A failure with all that was done in its details. */
    NonRetriableException with(NonRetriableException failure) {
        return new NonRetriableException(
                failure.kind(), String.valueOf(failure.getMessage()), all(failure.details().toBuilder()), failure);
    }

    /** Why a call is not made, for the model; empty if it is. */
    String tooOften(Part.ToolCall call, AgentBounds bounds) {
        if (byTool.getOrDefault(call.name(), 0) >= bounds.callsPerTool()) {
            return "The tool '" + call.name() + "' was called " + bounds.callsPerTool()
                    + " times, which is as often as it may be; answer with what is known";
        }
        return byCall.getOrDefault(key(call), 0) >= bounds.identicalCalls()
                ? "This call was made " + bounds.identicalCalls()
                        + " times with the same arguments; its results are above, so do something else"
                : "";
    }

    private static String key(Part.ToolCall call) {
        return call.name() + " " + (call.unread() == null ? Json.write(call.arguments()) : call.unread());
    }

    void add(int turn, AgentCalls.Made made) {
        Part.ToolCall call = made.call();
        byTool.merge(call.name(), 1, Integer::sum);
        byCall.merge(key(call), 1, Integer::sum);
        JsonObject.Builder entry = JsonObject.builder()
                .put("turn", turn)
                .put("tool", call.name())
                .put("arguments", made.arguments())
                .put("status", made.outcome().status().text())
                .put("millis", made.outcome().millis());
        if (made.decision() != null) {
            entry.put("decision", made.decision());
        }
        calls.add(entry.build());
    }

    /** What stands in the details of a failure. */
    JsonObject details(int turns) {
        return all(JsonObject.builder().put("turns", turns));
    }

    /** The output of the node. */
    JsonObject output(JsonObject last, int turns) {
        return all(last.toBuilder().put("turns", turns));
    }

    private JsonObject all(JsonObject.Builder with) {
        return with.put("turnsReissued", reissued)
                .put("toolCalls", calls)
                .put("usage", usage.toJson())
                .put("cost", (cost == null ? Cost.free("no model was asked") : cost).toJson())
                .put("attempts", attempts)
                .build();
    }
}
