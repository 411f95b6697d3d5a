package io.automationhub.engine.testkit.evaluation;

import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What runs used and cost, as nodes that call models say it in their outputs.
 *
 * @param tokens read and written
 * @param amount in US dollars; null if it is not known of all
 */
public record Spent(long tokens, @Nullable BigDecimal amount) {

    /** Nothing was used. */
    public static final Spent NOTHING = new Spent(0, BigDecimal.ZERO);

    /** What a run used: all its nodes that say so, and those of runs that it called. */
    public static Spent of(WorkflowExecution run) {
        Spent all = NOTHING;
        for (NodeExecution node : run.nodes()) {
            Object output = node.output();
            if (output instanceof JsonObject said && said.get("usage") instanceof JsonObject) {
                all = all.plus(said(said));
            }
        }
        return run.error()
                .map(error -> error.details())
                .filter(details -> details.get("usage") instanceof JsonObject)
                .map(Spent::said)
                .map(all::plus)
                .orElse(all);
    }

    private static Spent said(JsonObject output) {
        Object tokens = JsonPointer.read(output, "/usage/total");
        Object amount = JsonPointer.read(output, "/cost/amount");
        return new Spent(
                tokens instanceof Number number ? number.longValue() : 0,
                amount == null ? null : new BigDecimal(Json.toText(amount)));
    }

    /** Both together. */
    public Spent plus(Spent other) {
        return new Spent(
                tokens + other.tokens, amount == null || other.amount == null ? null : amount.add(other.amount));
    }

    JsonObject toJson() {
        return JsonObject.of("tokens", tokens).with("amount", amount);
    }
}
