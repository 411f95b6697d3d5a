package io.automationhub.ai.agent;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent was asked, and what came of it: a view of the run that did it.
 *
 * @param id of the run
 * @param agent the id of the agent
 * @param version of the agent; 0 if it is not known
 * @param status where it is
 * @param input what it was asked: {@code {message, conversation, parameters, files}}
 * @param text of the answer; empty if there is none, or it is JSON
 * @param json the answer by the agent's schema; null if it has none, or there is no answer
 * @param turns how often a model was asked
 * @param toolCalls what it called, each with {@code tool}, {@code arguments}, {@code status} and {@code millis}
 * @param usage of all its requests that are known
 * @param cost of them
 * @param error why it failed; null if it did not
 * @param endedAt null while it goes on
 */
public record AgentExecution(
        String id,
        String agent,
        int version,
        ExecutionStatus status,
        JsonObject input,
        String text,
        @Nullable Object json,
        int turns,
        JsonArray toolCalls,
        Usage usage,
        Cost cost,
        @Nullable ExecutionError error,
        Instant startedAt,
        @Nullable Instant endedAt) {

    static AgentExecution of(ExecutionRecord run, int version) {
        JsonObject said = run.output() instanceof JsonObject output
                ? output
                : run.error() == null ? JsonObject.EMPTY : run.error().details();
        return new AgentExecution(
                run.id(),
                AgentWorkflow.agent(run.workflow()),
                version,
                run.status(),
                Json.object(run.input()),
                said.get("text") instanceof String text && run.output() != null ? text : "",
                said.get("json"),
                said.get("turns") instanceof Long turns ? Math.toIntExact(turns) : 0,
                said.get("toolCalls") instanceof JsonArray calls ? calls : JsonArray.EMPTY,
                Usage.of(Json.object(said.get("usage"))),
                said.get("cost") instanceof JsonObject cost ? Cost.of(cost) : Cost.free("no model was asked"),
                run.error(),
                run.startedAt(),
                run.endedAt());
    }

    /** How long it took; empty while it goes on. */
    public Optional<Duration> duration() {
        return Optional.ofNullable(endedAt).map(end -> Duration.between(startedAt, end));
    }
}
