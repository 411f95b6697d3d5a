package io.automationhub.engine.store;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeExecution.FailedAttempt;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people want to know of a run, made from its facts. */
public final class FactHistory {

    private final List<NodeExecution> ended = new ArrayList<>();
    private final Map<Place, Open> open = new LinkedHashMap<>();

    private record Place(String node, String iteration) {}

    /** A node run that goes on. */
    private static final class Open {
        private final List<FailedAttempt> failed = new ArrayList<>();
        private NodeStatus status = NodeStatus.RUNNING;
        private int attempt;
        private @Nullable Instant startedAt;
    }

    private FactHistory() {}

    /** The node runs: the ended ones in the order of their ends, then those that go on. */
    public static List<NodeExecution> nodes(List<ExecutionFact> facts) {
        FactHistory history = new FactHistory();
        facts.forEach(history::add);
        history.open.forEach((place, node) -> history.ended.add(new NodeExecution(
                place.node(),
                place.iteration(),
                node.attempt,
                node.status,
                node.startedAt,
                null,
                null,
                null,
                List.of(),
                JsonObject.EMPTY,
                List.copyOf(node.failed))));
        return history.ended;
    }

    private void add(ExecutionFact fact) {
        if (fact instanceof ExecutionFact.AttemptStarted f) {
            is(f.node(), f.iteration(), NodeStatus.RUNNING, f.attempt(), f.at());
        } else if (fact instanceof ExecutionFact.NodeSuspended f) {
            is(f.node(), f.iteration(), NodeStatus.WAITING, f.attempt(), f.at());
        } else if (fact instanceof ExecutionFact.NodeWoken f) {
            open(f.node(), f.iteration()).status = NodeStatus.RUNNING;
        } else if (fact instanceof ExecutionFact.AttemptFailed f) {
            is(f.node(), f.iteration(), NodeStatus.WAITING, f.attempt(), f.at());
            open(f.node(), f.iteration()).failed.add(new FailedAttempt(f.attempt(), f.at(), f.error()));
        } else if (fact instanceof ExecutionFact.NodeEnded f) {
            Open before = open.remove(new Place(f.node(), f.iteration()));
            ended.add(new NodeExecution(
                    f.node(),
                    f.iteration(),
                    f.attempt(),
                    f.status(),
                    f.startedAt(),
                    f.at(),
                    f.output(),
                    f.error(),
                    f.handles(),
                    f.variables(),
                    before == null ? List.of() : List.copyOf(before.failed)));
        }
    }

    private Open open(String node, String iteration) {
        return open.computeIfAbsent(new Place(node, iteration), place -> new Open());
    }

    private void is(String node, String iteration, NodeStatus status, int attempt, Instant at) {
        Open now = open(node, iteration);
        now.status = status;
        now.attempt = attempt;
        now.startedAt = now.startedAt == null ? at : now.startedAt;
    }

    /**
     * The record of a run.
     *
     * @param facts the first is its start; if it has ended, the last is its end, and what is between need not be there
     * @param status where it stands
     * @param variables the variables as they are; null to make them from the facts
     */
    public static ExecutionRecord record(
            String tenant,
            String id,
            String workflow,
            String version,
            ExecutionStatus status,
            List<ExecutionFact> facts,
            @Nullable JsonObject variables) {
        ExecutionFact.RunStarted started = (ExecutionFact.RunStarted) facts.get(0);
        ExecutionFact.RunEnded end = facts.get(facts.size() - 1) instanceof ExecutionFact.RunEnded last ? last : null;
        return new ExecutionRecord(
                tenant,
                id,
                workflow,
                version,
                status,
                started.trigger(),
                started.input(),
                end == null ? null : end.output(),
                end == null ? null : end.error(),
                variables == null ? variables(started, facts) : variables,
                started.variables(),
                started.at(),
                end == null ? null : end.at(),
                end == null ? null : end.compensation(),
                started.origin(),
                started.tags());
    }

    private static JsonObject variables(ExecutionFact.RunStarted started, List<ExecutionFact> facts) {
        Map<String, @Nullable Object> now = new LinkedHashMap<>(started.variables());
        for (ExecutionFact fact : facts) {
            if (fact instanceof ExecutionFact.NodeEnded node) {
                node.variables().forEach((name, value) -> {
                    if (started.variables().containsKey(name)) {
                        now.put(name, value);
                    }
                });
            }
        }
        JsonObject.Builder all = JsonObject.builder();
        now.forEach(all::put);
        return all.build();
    }
}
