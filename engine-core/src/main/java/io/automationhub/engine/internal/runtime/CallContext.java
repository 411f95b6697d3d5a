package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is the same for an inline call and an attempt on a thread of its own. */
abstract sealed class CallContext implements ExecutionContext permits InlineCall, Attempt {

    final Execution execution;
    final Scope scope;

    CallContext(Execution execution, Scope scope) {
        this.execution = execution;
        this.scope = scope;
    }

    final Scope scope() {
        return scope;
    }

    abstract int slot();

    abstract NodeProgram program();

    abstract RunEnvironment environment();

    abstract @Nullable Woken woken();

    @Override
    public final String text(String field) {
        Object value = config().get(field);
        if (value == null) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "The node '" + nodeId() + "' needs the config field '" + field
                            + "', which is absent or null; it has "
                            + (config().isEmpty() ? "none" : String.join(", ", config().keySet())),
                    null);
        }
        return Json.toText(value);
    }

    @Override
    public final @Nullable Object evaluate(Object... path) {
        return program().config().at(path).render(environment());
    }

    @Override
    public final ItemFunction each(Object... path) {
        return program().config().at(path).each(environment());
    }

    @Override
    public final JsonLimits limits() {
        return execution.runtime().limits();
    }

    @Override
    public final @Nullable Object input() {
        return execution.input();
    }

    @Override
    public final @Nullable Object previous() {
        return environment().previous();
    }

    @Override
    public final @Nullable Object variable(String name) {
        for (Scope here = scope; here != null; here = here.parent()) {
            int position = here.compiled().variableNames().indexOf(name);
            if (position >= 0) {
                return environment().variable(here.compiled().level(), position);
            }
        }
        throw new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "The workflow '" + workflowId() + "' has no variable '" + name + "'; known are "
                        + String.join(", ", execution.compiled().top().variableNames()),
                null);
    }

    @Override
    public final String executionId() {
        return execution.id();
    }

    @Override
    public final String workflowId() {
        return execution.workflowId();
    }

    @Override
    public final String tenant() {
        return execution.tenant();
    }

    @Override
    public final String nodeId() {
        return program().node().id();
    }

    @Override
    public final String idempotencyKey() {
        return executionId() + "/" + nodeId() + "/" + scope.path();
    }

    @Override
    public final Instant now() {
        return Facts.instant(execution.currentMicros());
    }

    @Override
    public final Optional<Woken> wake() {
        return Optional.ofNullable(woken());
    }

    @Override
    public final void log(WorkflowLog.Level level, String message) {
        execution.nodeRuns().log(new WorkflowLog(now(), level, nodeId(), message));
    }

    @Override
    public abstract JsonObject config();

    @Override
    public abstract @Nullable Object once(String name, Supplier<? extends @Nullable Object> supplier);
}
