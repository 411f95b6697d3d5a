package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineView;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Translates between the machine's numbers and the names, statuses and instants of facts.
 *
 * @param startMicros when the run began, in microseconds since 1970
 */
record Facts(long startMicros) {

    /** The iteration of everything at the top of a workflow. */
    static final String TOP = "";

    /** Null for a slot that waits for its edges or for its turn. */
    static @Nullable NodeStatus nodeStatus(byte status) {
        return switch (status) {
            case Status.RUNNING, Status.ENDING -> NodeStatus.RUNNING;
            case Status.SUSPENDED, Status.BACKOFF -> NodeStatus.WAITING;
            case Status.SUCCEEDED -> NodeStatus.SUCCEEDED;
            case Status.FAILED -> NodeStatus.FAILED;
            case Status.SKIPPED -> NodeStatus.SKIPPED;
            case Status.CANCELLED -> NodeStatus.CANCELLED;
            default -> null;
        };
    }

    static byte machineStatus(NodeStatus status) {
        return switch (status) {
            case SUCCEEDED -> Status.SUCCEEDED;
            case FAILED -> Status.FAILED;
            case SKIPPED -> Status.SKIPPED;
            case CANCELLED -> Status.CANCELLED;
            case RUNNING, WAITING -> throw new IllegalArgumentException("A node run that ended is not " + status);
        };
    }

    static ExecutionStatus executionStatus(Outcome outcome) {
        return switch (outcome) {
            case RUNNING -> ExecutionStatus.RUNNING;
            case SUCCEEDED -> ExecutionStatus.SUCCEEDED;
            case FAILED -> ExecutionStatus.FAILED;
            case CANCELLED -> ExecutionStatus.CANCELLED;
        };
    }

    static Instant instant(long epochMicros) {
        return Micros.instant(epochMicros);
    }

    static long micros(Instant instant) {
        return Micros.of(instant);
    }

    /** The instant that is {@code nanos} after the start of the run. */
    Instant at(long nanos) {
        return instant(startMicros + nanos / 1000);
    }

    /** Null for what never began or is never due. */
    @Nullable
    Instant atOrNull(long nanos) {
        return nanos < 0 || nanos == Machine.NEVER ? null : at(nanos);
    }

    /** The nanoseconds from the start of the run to an instant. */
    long nanos(Instant instant) {
        long micros = micros(instant) - startMicros;
        return micros > Long.MAX_VALUE / 2000 ? Machine.NEVER - 1 : micros * 1000;
    }

    ExecutionFact.NodeEnded nodeEnded(Scope scope, MachineView view, int slot) {
        Plan plan = scope.compiled().plan();
        NodeStatus status = nodeStatus(view.status(slot));
        boolean failed = status == NodeStatus.FAILED || status == NodeStatus.CANCELLED;
        JsonObject error = failed ? view.error(slot) : null;
        return new ExecutionFact.NodeEnded(
                at(view.endedAt(slot)),
                plan.id(slot),
                scope.path(),
                view.attempt(slot),
                status == null ? NodeStatus.CANCELLED : status,
                atOrNull(view.startedAt(slot)),
                plan.handleNames(slot, view.handles(slot)),
                view.returned(slot),
                error == null ? null : ExecutionError.fromJson(error),
                scope.written(slot),
                status == NodeStatus.SUCCEEDED ? scope.compensation(slot) : null);
    }
}
