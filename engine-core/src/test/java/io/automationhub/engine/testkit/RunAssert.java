package io.automationhub.engine.testkit;

import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.Json;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a test expects of a run, as a sentence. What does not hold is an {@link AssertionError} with the run's story. */
public final class RunAssert {

    private final TestRun run;

    private RunAssert(TestRun run) {
        this.run = run;
    }

    /** Begins a sentence about a run. */
    public static RunAssert assertThat(TestRun run) {
        return new RunAssert(run);
    }

    // ---------------------------------------------------------------- the run

    /** It ended, and its output is its result. */
    public RunAssert succeeded() {
        return hasStatus(ExecutionStatus.SUCCEEDED);
    }

    /** It ended by an error of that kind. */
    public RunAssert failed(String kind) {
        hasStatus(ExecutionStatus.FAILED);
        ExecutionRecord record = run.record();
        String found = record.error() == null ? "none" : record.error().kind();
        return require(found.equals(kind), "it failed with an error of kind '" + kind + "'", "'" + found + "'");
    }

    /** It failed, and the node is the one whose error ended it. */
    public RunAssert failedAt(String node) {
        hasStatus(ExecutionStatus.FAILED);
        ExecutionRecord record = run.record();
        String found = record.error() == null ? null : record.error().node();
        return require(node.equals(found), "it failed at '" + node + "'", "'" + found + "'");
    }

    /** It was cancelled. */
    public RunAssert wasCancelled() {
        return hasStatus(ExecutionStatus.CANCELLED);
    }

    /** It has that status. */
    public RunAssert hasStatus(ExecutionStatus status) {
        ExecutionRecord record = run.record();
        return require(
                record.status() == status,
                "it is " + status.text(),
                record.status().text() + (record.error() == null ? "" : ", because of " + record.error()));
    }

    /** It ended with this output. */
    public RunAssert hasOutput(@Nullable Object expected) {
        Object found = run.record().output();
        return require(
                Objects.equals(Json.of(expected), found),
                "its output is " + Json.write(Json.of(expected)),
                Json.write(found));
    }

    /** It undid all that it did. */
    public RunAssert undidEverything() {
        Compensation.Status found = run.record().compensation();
        return require(found == Compensation.Status.COMPLETE, "it undid everything", found == null ? "nothing" : found);
    }

    /** It has not ended, and a reason why it stands still has these words. */
    public RunAssert waitsFor(String words) {
        return require(
                run.explanation().reasons().stream()
                        .anyMatch(reason -> reason.toString().contains(words)),
                "it waits for '" + words + "'",
                run.explanation());
    }

    // ---------------------------------------------------------------- its nodes

    /** These nodes succeeded. */
    public RunAssert ran(String... nodes) {
        for (String node : nodes) {
            node(node, NodeStatus.SUCCEEDED);
        }
        return this;
    }

    /** These nodes succeeded, and ended in this order. */
    public RunAssert ranInOrder(String... nodes) {
        ran(nodes);
        List<String> ended = run.nodes().stream()
                .filter(node -> node.status() == NodeStatus.SUCCEEDED)
                .map(NodeExecution::node)
                .filter(List.of(nodes)::contains)
                .distinct()
                .toList();
        return require(ended.equals(List.of(nodes)), "it ran in the order " + List.of(nodes), ended);
    }

    /** No attempt of these nodes began. */
    public RunAssert didNotRun(String... nodes) {
        for (String node : nodes) {
            Optional<NodeExecution> found = find(node);
            boolean ran = found.isPresent() && found.get().startedAt() != null;
            require(
                    !ran,
                    "'" + node + "' did not run",
                    found.map(Object::toString).orElse("nothing"));
        }
        return this;
    }

    /** A node has that status. */
    public RunAssert node(String node, NodeStatus status) {
        Optional<NodeExecution> found = find(node);
        return require(
                found.filter(each -> each.status() == status).isPresent(),
                "'" + node + "' is " + status.text(),
                found.map(each -> each.status().text()).orElse("no run of it"));
    }

    /** A node had so many attempts. */
    public RunAssert attempts(String node, int count) {
        int found = find(node).map(NodeExecution::attempt).orElse(0);
        return require(found == count, "'" + node + "' had " + count + " attempts", found);
    }

    /** A node succeeded with this output. */
    public RunAssert output(String node, @Nullable Object expected) {
        node(node, NodeStatus.SUCCEEDED);
        Object found = find(node).map(NodeExecution::output).orElse(null);
        return require(
                Objects.equals(Json.of(expected), found),
                "the output of '" + node + "' is " + Json.write(Json.of(expected)),
                Json.write(found));
    }

    /** The last run of a node, in whatever iteration. */
    private Optional<NodeExecution> find(String node) {
        return run.nodes().stream().filter(each -> each.node().equals(node)).reduce((before, after) -> after);
    }

    private RunAssert require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw run.failure(expected, found);
        }
        return this;
    }
}
