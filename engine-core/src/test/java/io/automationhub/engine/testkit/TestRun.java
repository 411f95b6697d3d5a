package io.automationhub.engine.testkit;

import io.automationhub.engine.Approvals.Decision;
import io.automationhub.engine.Approvals.OpenApproval;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.store.ExecutionRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run in a {@link TestEngine}, also after its process has died and another one has taken over. */
public final class TestRun {

    private static final int MAX_NODES = 100_000;

    private final TestEngine engine;
    private final String id;

    TestRun(TestEngine engine, String id) {
        this.engine = engine;
        this.id = id;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    // ---------------------------------------------------------------- what happens to it

    /** Lets time pass until it has ended; fails if it waits for something else than time. */
    public TestRun untilEnd() {
        engine.untilEnd(this);
        return this;
    }

    /** Lets time pass. */
    public TestRun advance(Duration duration) {
        engine.advance(duration);
        return this;
    }

    /** Sends it a signal, which must end a wait or be kept for one. */
    public TestRun signal(String name, @Nullable Object data) {
        SignalReceipt receipt = handle().signal(name, data);
        require(
                receipt == SignalReceipt.TAKEN || receipt == SignalReceipt.KEPT,
                "the signal '" + name + "' counts",
                receipt);
        engine.settle();
        return this;
    }

    /** Approves what it waits for at a node. */
    public TestRun approve(String node) {
        return decide(node, Decision.approve("test"));
    }

    /** Rejects what it waits for at a node. */
    public TestRun reject(String node) {
        return decide(node, Decision.reject("test"));
    }

    /** Decides what it waits for at a node. */
    public TestRun decide(String node, Decision decision) {
        OpenApproval open = engine.engine().approvals().open().stream()
                .filter(approval ->
                        approval.execution().equals(id) && approval.node().equals(node))
                .findFirst()
                .orElseThrow(() -> failure("it waits for a decision at '" + node + "'", explanation()));
        DecisionReceipt receipt = engine.engine().approvals().decide(open.token(), decision);
        require(receipt == DecisionReceipt.ACCEPTED, "the decision at '" + node + "' counts", receipt);
        engine.settle();
        return this;
    }

    /** Completes a name that it waits for. */
    public TestRun complete(String name, @Nullable Object value) {
        require(handle().complete(name, value), "completing '" + name + "' counts", false);
        engine.settle();
        return this;
    }

    /** Cancels it. */
    public TestRun cancel() {
        handle().cancel();
        engine.settle();
        return this;
    }

    /** Cancels it, and lets it undo what it did. */
    public TestRun cancelAndCompensate() {
        handle().cancelAndCompensate();
        engine.settle();
        return this;
    }

    private ExecutionHandle handle() {
        engine.settle();
        return engine.engine().handle(id).orElseThrow(() -> failure("it goes on", record().status()));
    }

    // ---------------------------------------------------------------- what can be seen

    /** The run as it is now. */
    public ExecutionRecord record() {
        return engine.engine().execution(id).orElseThrow();
    }

    /** Its node runs: the ended ones in the order of their ends, then the others. */
    public List<NodeExecution> nodes() {
        return engine.engine().nodes(id, null, MAX_NODES).items();
    }

    /** What happened in it, fact by fact. */
    public List<ExecutionFact> facts() {
        return engine.process().facts(id);
    }

    /** Why it is where it is. */
    public Explanation explanation() {
        engine.settle();
        return engine.engine().explain(id).orElseThrow();
    }

    /** What happened in it, a line for each fact. */
    public String story() {
        return "The story of run '" + id + "' of workflow '" + record().workflow() + "':\n"
                + RunStory.of(engine.process().facts(id));
    }

    private void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw failure(expected, found);
        }
    }

    AssertionError failure(String expected, Object found) {
        return new AssertionError("Expected that " + expected + ", but found " + found + "\n" + story());
    }
}
