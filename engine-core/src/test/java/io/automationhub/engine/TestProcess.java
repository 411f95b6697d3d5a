package io.automationhub.engine;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.internal.runtime.JournalFolding;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * For the test kit: an engine in a process that can die, and what outlives it: a journal in memory, the history, what was
 * published. Safe for use by several threads.
 */
public final class TestProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DocumentStore documents = new InMemoryDocumentStore();
    private final Map<String, Journaled> journals = new LinkedHashMap<>();
    private int process;
    private int turns;
    private int crashAfter;
    private @Nullable WorkflowEngine engine;

    private record Journaled(String tenant, Workflow workflow, List<ExecutionFact> facts) {

        boolean isEnded() {
            return facts.get(facts.size() - 1) instanceof ExecutionFact.RunEnded;
        }

        int depth() {
            RunOrigin origin = facts.get(0) instanceof ExecutionFact.RunStarted started ? started.origin() : null;
            return origin == null ? 0 : origin.depth();
        }
    }

    /** @param crashAfter after how many turns of all runs together the first process dies; 0 for never */
    public TestProcess(int crashAfter) {
        this.crashAfter = crashAfter;
    }

    /** A process begins: with an empty journal, or with what the one before left. */
    public synchronized WorkflowEngine begin(WorkflowEngine.Builder builder) {
        int mine = ++process;
        engine = builder.build(
                (turn, whenDurable) -> {
                    synchronized (this) {
                        if (mine != process) {
                            return false;
                        }
                        journals.computeIfAbsent(
                                        turn.executionId(),
                                        id -> new Journaled(turn.tenant(), turn.workflow(), new ArrayList<>()))
                                .facts()
                                .addAll(turn.facts());
                        if (++turns == crashAfter) {
                            // What is durable is durable; nothing more becomes so.
                            process++;
                        }
                        return true;
                    }
                },
                documents);
        return engine;
    }

    /** Whether the process has died and no other one has begun. */
    public synchronized boolean isDead() {
        return crashAfter > 0 && turns >= crashAfter;
    }

    /** The process dies: nothing of it becomes durable any more. */
    public synchronized void die() {
        process++;
    }

    /** A new process takes the runs over that have not ended: those first that others wait for. */
    public WorkflowEngine takeOver(WorkflowEngine.Builder builder) {
        List<Map.Entry<String, Journaled>> open;
        synchronized (this) {
            crashAfter = 0;
            open = journals.entrySet().stream()
                    .filter(entry -> !entry.getValue().isEnded())
                    .sorted(Comparator.comparing(entry -> -entry.getValue().depth()))
                    .toList();
        }
        awaitHistory();
        WorkflowEngine engine = begin(builder);
        for (Map.Entry<String, Journaled> entry : open) {
            Journaled run = entry.getValue();
            JournalFolding.recover(
                    engine.runtime(), run.workflow(), run.tenant(), entry.getKey(), List.copyOf(run.facts()));
        }
        return engine;
    }

    /**
     * A store makes a run's end durable together with its history. Here the end is in the journal first, and the process that
     * died has yet to hand the history over.
     */
    private void awaitHistory() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ended().stream().anyMatch(this::isLive)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "The store did not take the history of the runs that have ended within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    private synchronized List<Map.Entry<String, Journaled>> ended() {
        return journals.entrySet().stream()
                .filter(entry -> entry.getValue().isEnded())
                .toList();
    }

    private synchronized boolean isLive(Map.Entry<String, Journaled> run) {
        return engine != null
                && engine.runtime().live(run.getValue().tenant(), run.getKey()).isPresent();
    }

    /** What has happened in a run, and is durable. */
    public synchronized List<ExecutionFact> facts(String execution) {
        return List.copyOf(
                Objects.requireNonNull(journals.get(execution), execution).facts());
    }

    /** The ids of all runs, in the order of their beginnings. */
    public synchronized List<String> runs() {
        return List.copyOf(journals.keySet());
    }

    /** Whether anything moves. */
    public static boolean isBusy(WorkflowEngine engine) {
        return engine.runtime().isBusy();
    }
}
