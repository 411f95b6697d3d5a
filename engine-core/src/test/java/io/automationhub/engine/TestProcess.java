package io.automationhub.engine;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.internal.runtime.JournalFolding;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * For the test kit: an engine in a process that can die, and what outlives it: a journal in memory, the history, what was
 * published. Safe for use by several threads.
 */
public final class TestProcess {

    private final DocumentStore documents = new InMemoryDocumentStore();
    private final Map<String, Journaled> journals = new LinkedHashMap<>();
    private int process;
    private int turns;
    private int crashAfter;

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
        return builder.build(
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
        WorkflowEngine engine = begin(builder);
        for (Map.Entry<String, Journaled> entry : open) {
            Journaled run = entry.getValue();
            JournalFolding.recover(
                    engine.runtime(), run.workflow(), run.tenant(), entry.getKey(), List.copyOf(run.facts()));
        }
        return engine;
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
