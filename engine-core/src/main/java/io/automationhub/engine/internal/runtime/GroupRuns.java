package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Groups;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the groups of one run: begins them, computes what their iterations and they themselves come to. */
final class GroupRuns {

    /** The history of a run keeps so many node runs of ended iterations. */
    private static final int MAX_KEPT = 10_000;

    private static final Set<String> PERMANENT =
            Set.of(ExecutionError.KIND_CONFIG, ExecutionError.KIND_EXPRESSION, ExecutionError.KIND_CANCELLED);

    private final Execution execution;
    private int kept;

    GroupRuns(Execution execution) {
        this.execution = execution;
    }

    /** An attempt of a group begins. */
    void begin(Scope scope, int slot, JsonObject config) {
        GroupRun group = open(scope, slot, config);
        execution.facts().attemptStarted(scope, slot, config);
        advance(group);
    }

    /** Makes the run of a group, which has begun no iteration yet. */
    static GroupRun open(Scope scope, int slot, JsonObject config) {
        Machine machine = scope.machine();
        GroupProgram program = scope.compiled().body(slot).group();
        if (program instanceof GroupProgram.ForEach forEach) {
            int count = items(scope.id(slot), config).size();
            return machine.beginForEach(slot, count, parallel(scope.id(slot), config), forEach.onItemError());
        }
        return program instanceof GroupProgram.Loop loop
                ? machine.beginLoop(slot, loop.maxIterations(), loop.before())
                : machine.beginScope(slot);
    }

    static JsonArray items(String id, JsonObject config) {
        Object items = config.get(Groups.ITEMS);
        if (items instanceof JsonArray list) {
            return list;
        }
        throw new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "The forEach '" + id + "' needs a list as 'items', found " + Json.typeName(items)
                        + "; give null a default, as in input.orders ?? []",
                null);
    }

    static int parallel(String id, JsonObject config) {
        Object parallel = config.get(Groups.PARALLEL);
        if (parallel == null) {
            return 1;
        }
        if (parallel instanceof Long count && count >= 1) {
            return (int) Math.min(count, Integer.MAX_VALUE);
        }
        throw new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "The forEach '" + id + "' needs a whole number from 1 on as 'parallel', found "
                        + Json.typeName(parallel),
                null);
    }

    /** Asks a group what is to be done, and does it. */
    void advance(GroupRun group) {
        Scope scope = Scope.of(group.parent());
        int slot = group.slot();
        GroupRun.Step step = group.step();
        while (step == GroupRun.Step.TEST) {
            try {
                group.tested(test(scope, group));
            } catch (RuntimeException e) {
                fail(scope, slot, Failure.of(e, false).toJson(scope.id(slot)), false);
                return;
            }
            step = group.step();
        }
        switch (step) {
            case SUCCEED -> succeed(scope, slot, group);
            case FAIL -> {
                JsonObject error = group.failure() == null ? JsonObject.EMPTY : group.failure();
                fail(scope, slot, error, !PERMANENT.contains(String.valueOf(error.get("kind"))));
            }
            case CANCEL -> fail(scope, slot, cancelled(scope.id(slot)), false);
            default -> {
                // An iteration goes on.
            }
        }
    }

    private static JsonObject cancelled(String id) {
        return ExecutionError.of(ExecutionError.KIND_CANCELLED, "The group was cancelled", id)
                .toJson();
    }

    private static boolean test(Scope scope, GroupRun group) {
        CompiledScope body = scope.compiled().body(group.slot());
        if (!(body.group() instanceof GroupProgram.Loop loop)) {
            throw new IllegalStateException("The group '" + scope.id(group.slot()) + "' has no test");
        }
        Object holds =
                loop.test().render(Scope.atTest(scope, group, loop.before()).environment());
        if (holds == null || holds instanceof Boolean) {
            return Boolean.TRUE.equals(holds);
        }
        throw new NonRetriableException(
                ExecutionError.KIND_EXPRESSION,
                "The condition of the loop '" + scope.id(group.slot()) + "' is neither true nor false, but of type "
                        + Json.typeName(holds) + "; compare it, as in last.count > 0",
                null);
    }

    private void succeed(Scope scope, int slot, GroupRun group) {
        try {
            Object value = execution.nodeRuns().outputs().value(scope, slot, group.output());
            scope.machine().completed(slot, value, scope.program(slot).outMask(), now());
            execution.nodeRuns().settleCompensation(scope, slot);
            execution.facts().happened(scope);
        } catch (RuntimeException e) {
            fail(scope, slot, Failure.of(e, false).toJson(scope.id(slot)), false);
        }
    }

    private void fail(Scope scope, int slot, JsonObject error, boolean retriable) {
        scope.machine().failed(slot, error, String.valueOf(error.get("kind")), retriable, -1, now());
        execution.facts().happened(scope);
    }

    // ---------------------------------------------------------------- iterations

    /** Nothing more happens in an iteration: says what it came to, and lets its group go on. */
    void iterationEnded(Scope scope) {
        Machine machine = scope.machine();
        GroupRun group = machine.group();
        if (group == null) {
            throw new IllegalStateException("A whole run is no iteration");
        }
        execution.facts().collect(scope);
        Outcome outcome = machine.outcome();
        if (outcome == Outcome.SUCCEEDED) {
            try {
                Object value = new Results(execution, scope).output();
                over(scope, group, ExecutionStatus.SUCCEEDED, value, null);
            } catch (RuntimeException e) {
                Failure failure = Failure.of(e, false);
                String message = "The output of the iteration cannot be rendered: " + failure.message();
                over(scope, group, ExecutionStatus.FAILED, null, ExecutionError.of(failure.kind(), message, null));
            }
        } else if (outcome == Outcome.FAILED) {
            over(scope, group, ExecutionStatus.FAILED, null, new Results(execution, scope).firstFailure());
        } else {
            over(scope, group, ExecutionStatus.CANCELLED, null, null);
        }
        advance(group);
    }

    private void over(
            Scope scope,
            GroupRun group,
            ExecutionStatus status,
            @Nullable Object value,
            @Nullable ExecutionError error) {
        execution.facts().iterationEnded(scope, status, value, error);
        fold(scope, group, status, value, error);
    }

    /** The group hears what became of an iteration. */
    void fold(
            Scope scope,
            GroupRun group,
            ExecutionStatus status,
            @Nullable Object value,
            @Nullable ExecutionError error) {
        execution.nodeRuns().forget(scope);
        keep(scope);
        Machine iteration = scope.machine();
        if (status == ExecutionStatus.SUCCEEDED) {
            group.succeeded(iteration, value);
        } else if (status == ExecutionStatus.FAILED && error != null) {
            group.failed(iteration, ofIteration(scope, error).toJson());
        } else {
            group.cancelled(iteration);
        }
    }

    /** The error of an iteration carries its kind, and says in which iteration it began; that of an item also its index. */
    private static ExecutionError ofIteration(Scope scope, ExecutionError error) {
        JsonObject details = error.details();
        if (!details.containsKey("iteration")) {
            details = details.with("iteration", scope.path());
        }
        if (!(scope.compiled().group() instanceof GroupProgram.Once)) {
            details = details.with("index", scope.index());
        }
        return new ExecutionError(error.kind(), error.message(), error.node(), details);
    }

    private void keep(Scope scope) {
        int size = scope.machine().ended();
        if (kept + size <= MAX_KEPT && scope.parent() != null) {
            kept += size;
            scope.parent().keep(scope);
        }
    }

    /** How many node runs of ended iterations the history has. */
    int kept() {
        return kept;
    }

    private long now() {
        return execution.machine().now();
    }
}
