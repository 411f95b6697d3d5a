package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.Explanation.Progress;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When a run probably ends: as long after its start as the median of earlier runs that did the same. */
final class Estimate {

    private static final int LOOKED_AT = 50;
    private static final int LEAST = 3;

    private Estimate() {}

    /** An explanation with an estimate, if the history allows one. */
    static Explanation added(EngineRuntime runtime, Execution execution, Explanation to) {
        Progress progress = to.progress();
        Instant end = of(runtime, execution).orElse(null);
        Progress estimated = new Progress(progress.endedNodes(), progress.nodes(), progress.groups(), end);
        return new Explanation(to.execution(), to.workflow(), to.status(), to.reasons(), estimated);
    }

    private static Optional<Instant> of(EngineRuntime runtime, Execution execution) {
        if (execution.status().isEnded()) {
            return Optional.empty();
        }
        ExecutionQuery query = ExecutionQuery.of(execution.tenant())
                .workflow(execution.workflowId(), execution.workflow().hash())
                .status(ExecutionStatus.SUCCEEDED)
                .limit(LOOKED_AT);
        List<Duration> durations = runtime.store().executions(query).items().stream()
                .filter(run -> run.endedAt() != null)
                .map(Estimate::duration)
                .sorted()
                .toList();
        Instant end = durations.size() < LEAST
                ? Instant.MIN
                : Facts.instant(execution.startMicros()).plus(durations.get(durations.size() / 2));
        return end.isAfter(runtime.now()) ? Optional.of(end) : Optional.empty();
    }

    private static Duration duration(ExecutionRecord run) {
        Instant end = run.endedAt();
        return Duration.between(run.startedAt(), end == null ? run.startedAt() : end);
    }
}
