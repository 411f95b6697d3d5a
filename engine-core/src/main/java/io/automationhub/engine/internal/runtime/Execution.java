package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.MachineTree;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.workflow.Durability;
import io.automationhub.engine.workflow.Workflow;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One run.
 *
 * <p><b>Concurrency.</b> Everything but the mailbox belongs to one writer at a time. Whoever brings an event puts it into
 * the mailbox and counts up; whoever counted from 0 is the writer until he counted down to 0 again. So there is no lock,
 * and nobody waits for the writer.
 *
 * <p><b>A turn.</b> Take the events that came, do what is due, run inline pure nodes until none is ready (or the cut),
 * append the facts; when they are durable, start the attempts of the turn, tell the listeners, and end the run if
 * nothing is left.
 */
public final class Execution implements ExecutionHistory {

    /** After so many inline nodes, or so long, a turn is cut, so that events and the journal get their turn. */
    private static final int TURN_NODES = 1000;

    private static final long TURN_NANOS = 5_000_000;

    private static final VarHandle PENDING;
    private static final VarHandle MAILBOX;
    private static final VarHandle DONE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PENDING = lookup.findVarHandle(Execution.class, "pending", int.class);
            MAILBOX = lookup.findVarHandle(Execution.class, "mailbox", Event.class);
            DONE = lookup.findVarHandle(Execution.class, "done", CompletableFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EngineRuntime runtime;
    private final Start start;
    private final MachineTree tree;
    private final Machine machine;
    private final Scope scope;
    private final NodeRuns nodeRuns;
    private final WaitingNodes waitingNodes;
    private final FactCollector facts;
    /** What a durable store has of it; null if it lives in memory alone. */
    private final @Nullable StoredRun stored;

    /** Whether its attempts need a place under limits that the workflow names. */
    private final boolean limited;

    private final long startNanos;
    private final long startMicros;
    private volatile @Nullable String id;

    /** How many events came that were not taken; the writer itself counts as one. Who made the run is the first writer. */
    @SuppressWarnings("UnusedVariable")
    private volatile int pending = 1;

    /** The newest event that was not taken. */
    @SuppressWarnings("UnusedVariable")
    private volatile @Nullable Event mailbox;

    // ---- the writer's own
    private int takenPending;
    private long turnMicros;
    private boolean begun;
    private boolean cut;
    private long timerAt = Machine.NEVER;
    private @Nullable Runnable withdrawTimer;
    private @Nullable Ending ending;
    private @Nullable GroupRuns groupRuns;
    private @Nullable List<Runnable> whenDurable;
    private @Nullable Compensations compensations;
    private boolean compensateIfCancelled;

    /** Whether it is one of the runs of which the engine bounds the number; for a run that is stored. */
    private volatile boolean place;

    /** The thread that makes its attempts while somebody waits for its end; null for none. */
    private @Nullable RunThread thread;

    /** Whether an attempt may have kept a file. */
    private volatile boolean blobs;

    // ---- the result, written before the status
    private @Nullable Ending result;
    private volatile ExecutionStatus status = ExecutionStatus.RUNNING;

    @SuppressWarnings("UnusedVariable")
    private volatile @Nullable CompletableFuture<Execution> done;

    /** The next run in its chain of the table of live runs; guarded by that table. */
    @Nullable
    Execution nextLive;

    /** How a run ended. */
    record Ending(
            ExecutionStatus status,
            @Nullable Object output,
            @Nullable ExecutionError error,
            long nanos,
            Compensation.@Nullable Status compensation) {

        Ending(ExecutionStatus status, @Nullable Object output, @Nullable ExecutionError error, long nanos) {
            this(status, output, error, nanos, null);
        }
    }

    /** A run that begins now. */
    Execution(EngineRuntime runtime, Start start) {
        this(runtime, start, runtime.clock().nanos());
    }

    private Execution(EngineRuntime runtime, Start start, long nanos) {
        this(runtime, start, runtime.clock().epochMicros(nanos), nanos, runtime.newStoredRun());
    }

    /** A run that began at another time: {@link Recovery} repeats what happened since. */
    Execution(EngineRuntime runtime, Start start, long startMicros, long startNanos, @Nullable StoredRun stored) {
        this.runtime = runtime;
        this.stored = stored;
        this.start = start;
        this.startMicros = startMicros;
        this.startNanos = startNanos;
        this.tree = new MachineTree(start.compiled().plan(), start.seed());
        this.machine = tree.root();
        this.scope = new Scope(this, machine, start.variables());
        machine.attach(scope);
        this.limited = !start.compiled().workflow().settings().limits().isEmpty();
        if (limited) {
            tree.countPermits();
        }
        if (start.deadline() != null) {
            tree.endBy((Facts.micros(start.deadline()) - startMicros) * 1000);
        }
        this.facts = new FactCollector(this);
        this.nodeRuns = new NodeRuns(this);
        this.waitingNodes = new WaitingNodes(this);
    }

    // ---------------------------------------------------------------- the mailbox

    /** Begins the run on the calling thread, and advances it until it has to wait. */
    void begin() {
        drain(false);
    }

    /** Before it begins: the thread will make attempts of it. */
    void lend(RunThread lent) {
        thread = lent;
    }

    /** The thread makes no more attempts. Without effect on a run that another thread was lent to. */
    void release(RunThread lent) {
        if (lent.equals(thread)) {
            thread = null;
        }
    }

    /** Brings an event, and advances the run if nobody else does. */
    void post(Event event) {
        Event head;
        do {
            head = mailbox;
            event.next = head;
        } while (!MAILBOX.compareAndSet(this, head, event));
        if ((int) PENDING.getAndAdd(this, 1) == 0) {
            drain(false);
        }
    }

    private void takeEvents() {
        if (mailbox == null) {
            return;
        }
        Event newest = (Event) MAILBOX.getAndSet(this, (Event) null);
        Event oldest = null;
        while (newest != null) {
            Event following = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = following;
        }
        for (Event event = oldest; event != null; event = event.next) {
            event.apply(this);
        }
    }

    // ---------------------------------------------------------------- turns

    /** @param durable whether to go on behind the append of a turn, whose facts are durable now */
    private void drain(boolean durable) {
        try {
            advanceTurns(durable);
        } catch (Throwable e) {
            breakOff(e);
        }
    }

    /** Nothing that a node, a filter or a store does comes here; a mistake of the engine's own must not hang the run. */
    private void breakOff(Throwable cause) {
        LoggerFactory.getLogger(Execution.class).error("Execution '{}' cannot go on", id(), cause);
        stopAttempts();
        if (!status.isEnded()) {
            ExecutionError error =
                    ExecutionError.of(ExecutionError.KIND_ERROR, "The engine cannot advance the run: " + cause, null);
            end(new Ending(ExecutionStatus.FAILED, null, error, machine.now()));
        }
        answer();
    }

    private void stopAttempts() {
        nodeRuns.stopAll(scope);
        if (compensations != null) {
            compensations.live().forEach(nodeRuns::stopAll);
        }
    }

    private void advanceTurns(boolean durable) {
        boolean appended = durable;
        while (true) {
            if (isMoved()) {
                forwardEvents();
                return;
            }
            if (!appended && !appendTurn()) {
                return;
            }
            appended = false;
            afterAppend();
            boolean idle = !cut && (int) PENDING.getAndAdd(this, -takenPending) == takenPending;
            if (idle) {
                return;
            }
        }
    }

    /** This process has the run no longer: what comes for it here goes after it. */
    private void forwardEvents() {
        stopAttempts();
        if (withdrawTimer != null) {
            withdrawTimer.run();
            withdrawTimer = null;
        }
        int taken;
        do {
            taken = pending;
            Event event = mailbox == null ? null : (Event) MAILBOX.getAndSet(this, (Event) null);
            while (event != null) {
                Event following = event.next;
                event.next = null;
                runtime.forward(this, event);
                event = following;
            }
        } while ((int) PENDING.getAndAdd(this, -taken) != taken);
    }

    /** The first half of a turn. False if its facts are not durable yet: the journal then goes on with the second. */
    private boolean appendTurn() {
        // The first turn takes no events; who made the run counts as one.
        takenPending = begun ? pending : 1;
        long now = begun ? elapsed() : 0;
        turnMicros = startMicros + now / 1000;
        if (begun) {
            takeEvents();
            facts.collect();
            if (tree.nextDue() <= now) {
                tree.tick(Math.max(now, machine.now()));
                tree.queued().forEach(iteration -> facts.happened(Scope.of(iteration)));
                facts.collect();
            }
        } else {
            begun = true;
            facts.runStarted();
            machine.start(start.trigger(), now);
            if (start.copied() != null) {
                start.copied().into(this);
            }
        }
        cut = ending == null && advance();
        facts.collect();
        if (machine.isFinished() && ending == null && !cut) {
            finish();
        }
        if (limited && !cut) {
            runtime.attemptLimits().giveBack(this, tree.takePermitsBack());
        }
        if (stored != null) {
            stored.settle(this, mayRest(), runtime.keepNanos());
        }
        return facts.append(() -> drain(true));
    }

    /** Whether nothing moves in the run, and nothing will before something comes from outside or is due. */
    private boolean mayRest() {
        return ending == null
                && !cut
                && mailbox == null
                && !nodeRuns.hasAttempts()
                && !nodeRuns.hasAttemptsToStart()
                && nodeRuns.abandonedAttempts().isEmpty()
                && !tree.wantsPermit()
                && waitingNodes.hasReachedOut();
    }

    /** All nodes have ended: so has the run, unless it has something to undo. */
    private void finish() {
        Compensations undo = compensations;
        Ending end = undo != null && undo.hasBegun() ? undo.ending() : new Results(this, scope).ending();
        if (undo != null && !undo.hasBegun() && undo.isDue(end, compensateIfCancelled)) {
            undo.begin(end);
            status = status == ExecutionStatus.PAUSED ? status : ExecutionStatus.COMPENSATING;
            cut = advance();
            facts.collect();
            end = undo.ending();
        }
        if (undo == null || !undo.hasBegun() || undo.isOver()) {
            ending = end;
            facts.runEnded(end);
        }
    }

    /** True if it stopped before everything was done. */
    private boolean advance() {
        long begin = machine.now();
        int nodes = 0;
        for (long command = next(); command != Machine.NONE; command = next()) {
            Machine current = tree.current();
            nodeRuns.perform(current == machine ? scope : Scope.of(current), command);
            if (++nodes >= TURN_NODES || machine.now() - begin > TURN_NANOS) {
                return true;
            }
        }
        return false;
    }

    private long next() {
        long command = tree.next();
        while (limited
                && command == Machine.NONE
                && tree.wantsPermit()
                && runtime.attemptLimits().take(this)) {
            tree.permit();
            command = tree.next();
        }
        return command;
    }

    /** The second half of a turn. Time runs for an attempt before it begins, so that none escapes its time-out. */
    private void afterAppend() {
        nodeRuns.releaseOnces();
        boolean rests = stored != null && stored.isResting();
        if (ending == null && !rests) {
            setTimer();
        }
        nodeRuns.startAttempts();
        waitingNodes.reachOut();
        if (ending != null && !status.isEnded()) {
            end(ending);
        }
        answer();
        if (rests) {
            runtime.drop(this);
        }
    }

    // ---------------------------------------------------------------- the store

    /** Where its turns go. */
    Journal journal() {
        boolean kept = stored == null
                || ending != null
                || stored.isFirst()
                || workflow().settings().durability() == Durability.DURABLE;
        return kept ? runtime.journal() : Journal.NONE;
    }

    /** Whether the store must hear of a turn even if nothing happened. */
    boolean hasNewsForStore() {
        return stored != null && stored.hasNews();
    }

    /** What a durable store has of it; null if it lives in memory alone. On any thread. */
    @Nullable
    StoredRun stored() {
        return stored;
    }

    /** What a durable store has of it, where it is known to have it. On any thread. */
    StoredRun storedOrThrow() {
        if (stored == null) {
            throw new IllegalStateException("Execution '" + id() + "' is in no store");
        }
        return stored;
    }

    /** It is one of the runs of which the engine bounds the number. */
    void takesPlace() {
        place = true;
    }

    /** Whether it is one of the runs of which the engine bounds the number. */
    boolean hasPlace() {
        return stored == null ? start.isRoot() : place;
    }

    /** Whether this process has it no longer. On any thread. */
    boolean isMoved() {
        return stored != null && stored.isMoved();
    }

    /** It was not kept while it went on, and its process died: nobody knows what it has done. */
    void lose() {
        ExecutionError error = ExecutionError.of(
                ExecutionError.KIND_LOST,
                "The process that ran it died, and the durability 'none' of its workflow says that what it did is not"
                        + " kept; start it again if that is safe",
                null);
        ending = new Ending(ExecutionStatus.FAILED, null, error, Math.max(elapsed(), machine.now()));
        facts.runEnded(ending);
    }

    /** Its writer, which waited for the append of a turn, hears that there will be none. On any thread. */
    void appendFailed() {
        drain(false);
    }

    /** A message that was kept for it came. False if it came before. */
    boolean hear(String messageId) {
        return stored == null || stored.hear(messageId);
    }

    void askToRest() {
        if (stored != null) {
            stored.askToRest();
        }
    }

    /** Does this when the facts of the turn are durable. */
    void whenDurable(Runnable action) {
        if (whenDurable == null) {
            whenDurable = new ArrayList<>();
        }
        whenDurable.add(action);
    }

    private void answer() {
        List<Runnable> actions = whenDurable;
        if (actions != null) {
            whenDurable = null;
            actions.forEach(Runnable::run);
        }
    }

    private void setTimer() {
        long due = tree.nextDue();
        if (due >= timerAt || due == Machine.NEVER) {
            return;
        }
        if (withdrawTimer != null) {
            withdrawTimer.run();
        }
        timerAt = due;
        withdrawTimer = runtime.clock().wakeAt(startNanos + due, () -> post(new Event.TimeCame()));
    }

    void timerFired() {
        timerAt = Machine.NEVER;
        withdrawTimer = null;
    }

    /** False if it changes nothing, because the run is ending. */
    boolean cancelled(boolean compensate) {
        boolean changes = !machine.isFinished() && !machine.isEnding();
        if (changes) {
            compensateIfCancelled = compensate;
            machine.cancel(Math.max(elapsed(), machine.now()));
        }
        return changes;
    }

    /** Whether the run, should it be cancelled, undoes what it did. */
    boolean compensatesIfCancelled() {
        return compensateIfCancelled;
    }

    /** Repeats that a cancelled run is to undo what it did. */
    void foldCompensate(boolean compensate) {
        compensateIfCancelled = compensate;
    }

    /** It has to wait until fewer runs of its workflow are unfinished. Before it begins. */
    void hold() {
        tree.hold();
        status = ExecutionStatus.QUEUED;
    }

    /** It need not wait any more. */
    void admitted() {
        if (tree.isHeld()) {
            foldAdmitted();
            facts.admitted();
        }
    }

    /** Whether it waits until fewer runs of its workflow are unfinished. */
    boolean isHeld() {
        return tree.isHeld();
    }

    void foldAdmitted() {
        tree.release();
        status = status == ExecutionStatus.QUEUED ? ExecutionStatus.RUNNING : status;
    }

    /** Whether its attempts need a place under limits that the workflow names. */
    boolean isLimited() {
        return limited;
    }

    /** False if it changes nothing. */
    boolean pause(boolean paused) {
        boolean changes = foldPaused(paused);
        if (changes) {
            facts.paused(paused);
        }
        return changes;
    }

    /** Pauses or resumes without a fact, as recovery repeats it. */
    boolean foldPaused(boolean paused) {
        boolean changes = paused ? tree.pause() : tree.resume();
        if (changes) {
            boolean undoing = compensations != null && compensations.hasBegun();
            ExecutionStatus goingOn = tree.isHeld() ? ExecutionStatus.QUEUED : ExecutionStatus.RUNNING;
            status = paused ? ExecutionStatus.PAUSED : undoing ? ExecutionStatus.COMPENSATING : goingOn;
        }
        return changes;
    }

    private void end(Ending end) {
        result = end;
        status = end.status();
        nodeRuns.forgetOnces();
        if (withdrawTimer != null) {
            withdrawTimer.run();
        }
        runtime.ended(this);
        CompletableFuture<Execution> waiting = done;
        if (waiting != null) {
            waiting.complete(this);
        }
    }

    // ---------------------------------------------------------------- waiting for the end

    /** Completes when the run has ended. */
    CompletableFuture<Execution> done() {
        CompletableFuture<Execution> known = done;
        if (known == null) {
            CompletableFuture<Execution> fresh = new CompletableFuture<>();
            known = DONE.compareAndSet(this, null, fresh) ? fresh : done;
        }
        if (known == null) {
            throw new IllegalStateException("The future of a run is set once");
        }
        if (status.isEnded()) {
            known.complete(this);
        }
        return known;
    }

    /** The run is given up, because its engine closes. */
    void giveUp() {
        done().completeExceptionally(new io.automationhub.engine.error.EngineException("Execution '" + id()
                + "' has not ended, and its engine was closed; it is lost, because it ran in memory"));
    }

    /** Whether nothing moves in the run: no writer is at work and no attempt runs. */
    boolean isIdle() {
        return isQuiet() && !nodeRuns.hasAttempts();
    }

    /** Whether no writer is at work. */
    boolean isQuiet() {
        return pending == 0;
    }

    // ---------------------------------------------------------------- recovery

    /** Repeats that the run began to undo what it did. */
    void foldCompensation(Ending end) {
        compensations().open(end);
        status = status == ExecutionStatus.PAUSED ? status : ExecutionStatus.COMPENSATING;
    }

    /** The state was rebuilt, and goes on from here. */
    void continueRecovered() {
        begun = true;
        drain(false);
    }

    // ---------------------------------------------------------------- what can be seen

    EngineRuntime runtime() {
        return runtime;
    }

    CompiledWorkflow compiled() {
        return start.compiled();
    }

    Start start() {
        return start;
    }

    Machine machine() {
        return machine;
    }

    /** The machines of the run. */
    MachineTree tree() {
        return tree;
    }

    /** What stands in no group. */
    Scope scope() {
        return scope;
    }

    /** Whether the thread that makes its attempts, if there is one, is this one and free. */
    boolean threadTakes(Attempt attempt) {
        RunThread lent = thread;
        return lent != null && lent.takes(attempt);
    }

    NodeRuns nodeRuns() {
        return nodeRuns;
    }

    WaitingNodes waitingNodes() {
        return waitingNodes;
    }

    /** The groups; made when one first runs. */
    GroupRuns groupRuns() {
        GroupRuns all = groupRuns;
        if (all == null) {
            all = new GroupRuns(this);
            groupRuns = all;
        }
        return all;
    }

    /** What it would have to undo; made when a node has first succeeded that can be undone. */
    Compensations compensations() {
        Compensations all = compensations;
        if (all == null) {
            all = new Compensations(this);
            compensations = all;
        }
        return all;
    }

    /** Null if no node has succeeded that can be undone. */
    @Nullable
    Compensations compensationsIfAny() {
        return compensations;
    }

    FactCollector facts() {
        return facts;
    }

    /** What a part of a workflow reads of what stands around it. */
    @Nullable
    Object captured(int position) {
        GroupPart part = start.part();
        return part == null ? null : part.captured().get(position);
    }

    @Nullable
    Object input() {
        return start.input();
    }

    String workflowId() {
        return start.compiled().workflow().id();
    }

    long startMicros() {
        return startMicros;
    }

    /** The time of the turn. */
    long turnMicros() {
        return turnMicros;
    }

    /** The time now. */
    long currentMicros() {
        return startMicros + elapsed() / 1000;
    }

    /** Nanoseconds since the start of the run. */
    long elapsed() {
        return runtime.clock().nanos() - startNanos;
    }

    @Override
    public ExecutionStatus status() {
        return status;
    }

    /** How it ended; null while it runs. */
    @Nullable
    Ending result() {
        return status.isEnded() ? result : null;
    }

    @Override
    public String tenant() {
        return start.tenant();
    }

    @Override
    public String id() {
        String known = id;
        if (known == null) {
            known = start.id();
            id = known;
        }
        return known;
    }

    @Override
    public @Nullable Object output() {
        Ending end = result();
        return end == null ? null : end.output();
    }

    @Override
    public Workflow workflow() {
        return start.compiled().workflow();
    }

    @Override
    public ExecutionRecord record() {
        return new RunHistory(this).record();
    }

    /** An attempt keeps a file. */
    void keepsBlobs() {
        blobs = true;
    }

    @Override
    public boolean isTracked() {
        return blobs || start.key() != null;
    }

    @Override
    public int nodeCount() {
        return machine.ended()
                + (groupRuns == null ? 0 : groupRuns.kept())
                + (compensations == null ? 0 : compensations.ended().size());
    }

    @Override
    public List<NodeExecution> nodes() {
        return new RunHistory(this).nodes();
    }

    @Override
    public List<WorkflowLog> logs() {
        return nodeRuns.logs();
    }
}
