package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.machine.Outcome;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs that nodes of other runs begin and wait for. The id of such a run follows from the attempt that asks for it, so
 * one that was begun before a crash is found again and not begun twice.
 */
final class ChildRuns {

    private static final int ID_BYTES = 12;

    private final EngineRuntime runtime;

    ChildRuns(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * What a node is to wait for, if it calls a workflow. On an attempt's thread; nothing begins yet.
     *
     * @param key what tells this call from all others
     * @throws NonRetriableException kind {@code config}, if there is no such workflow, it cannot begin with that input, or
     *     too many runs are above it
     */
    Wake.Child prepare(
            Execution parent, String key, String workflow, @Nullable Integer version, @Nullable Object input) {
        checkDepth(parent, "call workflow '" + workflow + "'");
        WorkflowVersion found = runtime.definitions().callable(parent.tenant(), workflow, version);
        try {
            StartRequest request = request(parent, found.workflow(), input);
            StartCheck check = new StartCheck(runtime.compiled(found.workflow()), request, runtime.limits());
            check.trigger();
            check.variables();
            return new Wake.Child(id(key), workflow, found.number(), check.input());
        } catch (InvalidWorkflowException e) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "Cannot call workflow '" + workflow + "' version " + found.number() + ": " + e.getMessage(),
                    e);
        }
    }

    /** What belongs to somebody or something does so in the runs that it calls, too. */
    private static StartRequest request(Execution parent, Workflow workflow, @Nullable Object input) {
        return StartRequest.of(
                workflow, parent.tenant(), input, null, Map.of(), parent.start().tags());
    }

    private static int depth(Execution parent) {
        RunOrigin origin = parent.start().origin();
        return origin == null ? 0 : origin.depth();
    }

    /** Refuses to go deeper than runs may be below each other. */
    void checkDepth(Execution parent, String what) {
        if (depth(parent) >= RunOrigin.MAX_DEPTH) {
            throw new NonRetriableException(
                    ExecutionError.KIND_DEPTH,
                    "Cannot " + what + ": " + RunOrigin.MAX_DEPTH
                            + " runs are above it, which is the most; does it call itself without end?",
                    null);
        }
    }

    /** The facts that say that the node waits are durable: the run begins, unless it did before a crash. */
    void begin(Execution parent, Waits.Waiter waiter, Wake.Child child) {
        begin(parent, waiter, child.execution(), origin -> {
            Workflow workflow = runtime.definitions()
                    .version(parent.tenant(), child.workflow(), child.version())
                    .orElseThrow()
                    .workflow();
            return runtime.starts().begin(request(parent, workflow, child.input()), child.execution(), origin);
        });
    }

    /** The same for an iteration of a distributed group. */
    void begin(Execution parent, Waits.Waiter waiter, Wake.Iteration run) {
        begin(
                parent,
                waiter,
                run.execution(),
                origin -> runtime.starts().begin(parent, run.execution(), run.part(), origin));
    }

    private void begin(Execution parent, Waits.Waiter waiter, String execution, Function<RunOrigin, Execution> begins) {
        if (runtime.findLive(parent.tenant(), execution) != null) {
            return;
        }
        if (parent.stored() == null && isKnown(parent, execution)) {
            return;
        }
        RunOrigin origin = new RunOrigin(
                RunOrigin.Kind.CALL,
                parent.id(),
                waiter.scope().id(waiter.slot()),
                waiter.scope().path(),
                depth(parent) + 1);
        try {
            StoredRun stored = begins.apply(origin).stored();
            if (stored != null) {
                parent.storedOrThrow().hasBegun(execution, stored);
                // The store says whether it is there already.
                CompletableFuture<Void> unused = stored.begun()
                        .thenAcceptAsync(
                                first -> {
                                    if (first != null) {
                                        isKnown(parent, execution);
                                    }
                                },
                                runtime.workers());
            }
        } catch (RuntimeException e) {
            ExecutionError error = ExecutionError.of(ExecutionError.KIND_CONFIG, String.valueOf(e.getMessage()), null);
            parent.post(new Event.ChildEnded(new Woken.ByChild(execution, ExecutionStatus.FAILED, null, error)));
        }
    }

    /** Whether the run began before; the parent hears of it if it has ended. */
    private boolean isKnown(Execution parent, String execution) {
        Optional<ExecutionRecord> known = runtime.store().find(parent.tenant(), execution);
        known.filter(record -> record.status().isEnded())
                .ifPresent(record -> parent.post(new Event.ChildEnded(
                        new Woken.ByChild(record.id(), record.status(), record.output(), record.error()))));
        return known.isPresent();
    }

    /**
     * The node waits for the run no longer, which is cancelled. It undoes what it did, unless somebody cancelled the one that
     * began it and did not want anything to be undone.
     */
    void withdraw(Execution parent, String execution) {
        Execution live = runtime.findLive(parent.tenant(), execution);
        if (live != null) {
            live.post(new Event.Cancelled(compensates(parent)));
        }
    }

    /** Whether runs that this one waits for no longer undo what they did. */
    boolean compensates(Execution parent) {
        boolean cancelled = parent.machine().outcome() == Outcome.CANCELLED;
        return !cancelled || parent.compensatesIfCancelled();
    }

    /** The runs for which a node waits no longer though they have not ended, as far as it knows. */
    static List<String> abandoned(Waits.Outside over) {
        Woken by = over.waiter().scope().wokenBy(over.waiter().slot());
        if (over.wake() instanceof Wake.Child child) {
            boolean ended =
                    by instanceof Woken.ByChild known && known.execution().equals(child.execution());
            return ended ? List.of() : List.of(child.execution());
        }
        if (over.wake() instanceof Wake.Iterations iterations) {
            Set<String> ended = new HashSet<>();
            if (by instanceof Woken.ByIterations known) {
                known.ended().forEach(each -> ended.add(each.run().execution()));
            }
            return iterations.runs().stream()
                    .map(Wake.Iteration::execution)
                    .filter(id -> !ended.contains(id))
                    .toList();
        }
        return List.of();
    }

    /** A run has ended; the one that waits for it hears of it. */
    void ended(Execution child) {
        RunOrigin origin = child.start().origin();
        Execution.Ending end = child.result();
        if (origin == null || end == null || origin.kind() != RunOrigin.Kind.CALL) {
            return;
        }
        Execution parent = runtime.findLive(child.tenant(), origin.execution());
        if (parent != null) {
            Woken.ByChild ended = new Woken.ByChild(child.id(), end.status(), end.output(), end.error());
            // What a store has kept for the parent is heard now.
            parent.post(
                    child.stored() == null
                            ? new Event.ChildEnded(ended)
                            : new Event.Heard(StoredRun.childMessage(child.id()), new RunMessage.ChildEnded(ended)));
        }
    }

    /** Ninety-six bits of the key's SHA-256, in letters and digits. */
    static String id(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "call-" + new BigInteger(1, Arrays.copyOf(hash, ID_BYTES)).toString(Character.MAX_RADIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
