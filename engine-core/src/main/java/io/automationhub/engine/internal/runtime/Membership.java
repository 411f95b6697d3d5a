package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.store.RunStanding;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Durability;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's part in a durable store: hands it the turns of runs, takes runs that are due, brings messages to those it
 * has, says that it lives, and hands on what dead processes left. If others find that it has died, it drops all its runs
 * and joins anew.
 */
final class Membership implements Journal, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** The most runs that are taken at once, so that others get their share. */
    private static final int MOST_CLAIMED = 256;

    /** How long the thread may go on with what it does when the engine is closed. */
    private static final long STOP_MILLIS = 5000;

    /** What this process knows to be due it looks for in time; this is for what others have kept. */
    private static final long SCHEDULES_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long REST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FETCH_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long SHORT_MILLIS = 2;

    /** So often a process asks whether a place under a limit has become free elsewhere. */
    private static final long LIMIT_MILLIS = 20;

    private final EngineRuntime runtime;
    private final DurableStore store;
    private final Sharing options;
    private final Semaphore hints = new Semaphore(0);
    private final AwaitedEnds ends;
    private final StoredLimits limits;
    private final Thread thread = new Thread(this::work, "automation-hub-store");
    private volatile StoreMember member;
    private volatile boolean closed;

    private long nextReap;
    private long nextRest;
    private long nextEnds;
    private long nextSchedules;
    private long wallAtBeat;

    /** How many claimed runs are not among the live ones yet; they take their places already. */
    private final AtomicInteger beingTaken = new AtomicInteger();

    /** Runs that cannot go on, and of which the store has not heard yet. */
    private final Queue<Aside> asides = new ConcurrentLinkedQueue<>();

    private record Aside(StoreMember member, long number, String problem) {}

    Membership(EngineRuntime runtime, DurableStore store, Sharing options) {
        this.runtime = runtime;
        this.store = store;
        this.options = options;
        limits = new StoredLimits(runtime, this::hint);
        ends = new AwaitedEnds(runtime, store);
        member = joined();
        thread.setDaemon(true);
    }

    /** The process begins to take runs. */
    void begin() {
        thread.start();
    }

    private StoreMember joined() {
        StoreMember fresh = store.join(options.name(), runtime::nowMicros);
        beat(fresh);
        return fresh;
    }

    // ---------------------------------------------------------------- journal

    /** What the store has of a run that begins here. */
    StoredRun newRun() {
        return new StoredRun(member);
    }

    @Override
    public boolean append(Turn turn, Runnable whenDurable) {
        Execution execution = turn.execution();
        StoredRun run = execution.storedOrThrow();
        List<ExecutionFact> facts = turn.facts();
        List<RunCommit> commits = new ArrayList<>(1);
        commits.add(run.commit(execution, facts));
        runtime.errorRuns().beginning(execution, facts).ifPresent(commits::add);
        StoreMember.Outcome outcome = new TurnOutcome(execution, whenDurable);
        CompletableFuture<?> before = run.beginningsBefore(commits.get(0));
        if (before == null) {
            run.member().commit(commits, outcome);
        } else {
            // A beginning that failed leaves nobody to tell.
            CompletableFuture<?> unused =
                    before.whenComplete((begun, failed) -> run.member().commit(commits, outcome));
        }
        return false;
    }

    /** What becomes of the beginning of a run. */
    private class BeginningOutcome implements StoreMember.Outcome {

        final Execution execution;
        final StoredRun run;

        BeginningOutcome(Execution execution) {
            this.execution = execution;
            this.run = execution.storedOrThrow();
        }

        @Override
        public void durable() {
            if (run.begun().complete(null) && execution.isHeld()) {
                limits.changed(execution);
            }
        }

        @Override
        public void repeated(String first) {
            run.begun().complete(first);
        }

        @Override
        public void fenced() {
            run.begun()
                    .completeExceptionally(
                            new StoreMember.FencedException(run.member().process()));
            hint();
        }

        @Override
        public void refused(RuntimeException cause) {
            run.begun().completeExceptionally(cause);
        }
    }

    /** What becomes of a turn of a run that this process has, which may be its beginning. */
    private final class TurnOutcome extends BeginningOutcome {

        private final Runnable whenDurable;

        TurnOutcome(Execution execution, Runnable whenDurable) {
            super(execution);
            this.whenDurable = whenDurable;
        }

        @Override
        public void durable() {
            super.durable();
            runtime.workers().execute(whenDurable);
        }

        @Override
        public void repeated(String first) {
            gone(execution);
            super.repeated(first);
        }

        @Override
        public void fenced() {
            gone(execution);
            super.fenced();
        }

        @Override
        public void refused(RuntimeException cause) {
            gone(execution);
            if (!run.begun().completeExceptionally(cause)) {
                putAside(run.member(), run.number(), execution.id(), String.valueOf(cause.getMessage()), cause);
            }
        }
    }

    /** On a thread of its own, because what comes for the run may wait for the store. */
    private void gone(Execution execution) {
        runtime.drop(execution);
        runtime.workers().execute(execution::appendFailed);
    }

    private void putAside(StoreMember mine, long number, String id, String problem, Throwable cause) {
        LOG.error("Execution '{}' is put aside, because it cannot go on", id, cause);
        asides.add(new Aside(mine, number, problem));
        hint();
    }

    /** Tells the store which runs are put aside, and stops at the first of which it does not hear. */
    private void tellAsides(StoreMember mine) {
        for (Aside aside = asides.peek(); aside != null; aside = asides.peek()) {
            // Those of a process that does not count any more are taken by others.
            if (aside.member() == mine) {
                mine.putAside(aside.number(), aside.problem());
            }
            asides.remove();
        }
    }

    /** Begins a run that any process may take. Does not wait; {@link #awaitBegun} does. */
    void begin(Execution fresh) {
        StoredRun run = fresh.storedOrThrow();
        run.member().commit(List.of(run.beginning(fresh, runtime.now())), new BeginningOutcome(fresh) {
            @Override
            public void durable() {
                super.durable();
                hint();
            }
        });
    }

    /** Waits until the beginning of a run is durable; the id of the one that was begun before it, or null. */
    @Nullable
    String awaitBegun(StoredRun run, Execution execution) {
        try {
            return run.begun().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(
                    "Interrupted while storing the beginning of execution '" + execution.id() + "', which may go on",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new EngineException(
                    "Cannot start workflow '" + execution.workflowId() + "': " + cause.getMessage(), cause);
        }
    }

    boolean claims() {
        return options.claims();
    }

    /** The limits that all processes share. */
    StoredLimits limits() {
        return limits;
    }

    long keepNanos() {
        return options.keep().toNanos();
    }

    /** Looks at once for what there is to do. */
    void hint() {
        hints.release();
    }

    // ---------------------------------------------------------------- that it lives

    /**
     * Whether the process may begin what has effects: others believe that it lives, or it asks them. Waits for the store if
     * it has been silent for long.
     */
    boolean mayStart(StoredRun run) {
        StoreMember mine = run.member();
        while (!isFresh(mine)) {
            try {
                beat(mine);
            } catch (StoreMember.FencedException e) {
                hint();
                return false;
            } catch (RuntimeException e) {
                LOG.warn("The store does not answer, so nothing with effects begins", e);
                if (closed || !sleep(options.poll().toMillis())) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isFresh(StoreMember mine) {
        long most = options.ttl().toNanos() / 2;
        // A machine that slept has a wall clock that went on and a monotonic one that may not have.
        return System.nanoTime() - mine.lastBeatNanos() < most
                && System.currentTimeMillis() - wallAtBeat < TimeUnit.NANOSECONDS.toMillis(most);
    }

    private void beat(StoreMember mine) {
        long wall = System.currentTimeMillis();
        StoreMember.Time time = mine.beat();
        wallAtBeat = wall;
        if (runtime.clock() instanceof SystemClock clock) {
            clock.align(time);
        }
    }

    private static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---------------------------------------------------------------- the loop

    private void work() {
        long pause = SHORT_MILLIS;
        while (!closed) {
            try {
                pause = step()
                        ? SHORT_MILLIS
                        : Math.min(
                                pause * 2,
                                limits.isWaiting()
                                        ? LIMIT_MILLIS
                                        : options.poll().toMillis());
            } catch (StoreMember.FencedException e) {
                LOG.warn("This process joins the store anew", e);
                rejoin();
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.error("The store does not do what it should; trying again", e);
                }
                pause = options.poll().toMillis();
            }
            try {
                if (hints.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    hints.drainPermits();
                    pause = SHORT_MILLIS;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** True if there was something to do. */
    private boolean step() {
        StoreMember mine = member;
        long now = System.nanoTime();
        if (now - mine.lastBeatNanos() > options.ttl().toNanos() / 4
                || System.currentTimeMillis() - wallAtBeat > options.ttl().toMillis() / 4) {
            beat(mine);
        }
        if (options.claims() && now >= nextReap) {
            nextReap = now + options.ttl().toNanos() / 3;
            int handedOn = mine.reap(options.ttl(), options.mostCrashes());
            if (handedOn > 0) {
                LOG.warn("Handed on {} runs of processes that died", handedOn);
            }
        }
        tellAsides(mine);
        List<ClaimedRun.Delivered> messages = mine.messages();
        messages.forEach(this::deliver);
        boolean claimed = options.claims() && claim(mine);
        boolean limited = limits.exchange(mine);
        if (now >= nextRest) {
            nextRest = now + REST_LOOK_NANOS;
            runtime.askToRest();
        }
        if (now >= nextEnds) {
            nextEnds = now + options.poll().toNanos();
            ends.look();
        }
        if (now >= nextSchedules) {
            nextSchedules = now + SCHEDULES_LOOK_NANOS;
            runtime.schedules().look();
        }
        return claimed || limited || !messages.isEmpty();
    }

    private boolean claim(StoreMember mine) {
        int room = Math.min(MOST_CLAIMED, runtime.room() - beingTaken.get());
        if (room <= 0) {
            return false;
        }
        List<ClaimedRun> runs = mine.claim(room, this::isRunnable);
        beingTaken.addAndGet(runs.size());
        runs.forEach(run -> runtime.workers().execute(() -> {
            try {
                Execution unused = take(mine, run);
            } finally {
                beingTaken.decrementAndGet();
            }
        }));
        return !runs.isEmpty();
    }

    private boolean isRunnable(Workflow workflow) {
        return runtime.registry().lacks(workflow).isEmpty();
    }

    private @Nullable Execution take(StoreMember mine, ClaimedRun run) {
        try {
            List<Event> events = new ArrayList<>();
            run.messages().forEach(message -> events.add(event(message)));
            if (run.workflow().settings().durability() == Durability.NONE
                    && run.facts().size() > 1) {
                events.add(0, new Event.Lost());
            }
            return Recovery.recover(
                    runtime, run.workflow(), run.tenant(), run.id(), run.facts(), new StoredRun(mine, run), events);
        } catch (RuntimeException | StackOverflowError e) {
            putAside(mine, run.number(), run.id(), "It cannot be rebuilt from what is stored: " + e, e);
            return null;
        }
    }

    private static Event event(ClaimedRun.Delivered message) {
        return new Event.Heard(message.id(), message.message());
    }

    private void deliver(ClaimedRun.Delivered message) {
        Execution execution = runtime.findLive(message.tenant(), message.execution());
        if (execution != null) {
            execution.post(event(message));
        }
    }

    private void rejoin() {
        runtime.dropAll(member);
        while (!closed) {
            try {
                member = joined();
                return;
            } catch (RuntimeException e) {
                LOG.error("Cannot join the store; trying again", e);
                if (!pauseUntilHint()) {
                    return;
                }
            }
        }
    }

    /** Waits as long as it does between two looks, or until there is something to do. False if interrupted. */
    private boolean pauseUntilHint() {
        try {
            boolean unused = hints.tryAcquire(options.poll().toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    // ---------------------------------------------------------------- runs that are not here

    /** The run, if this process has it or can take it; null if it has ended, is unknown, or is with another process. */
    @Nullable
    Execution fetch(String tenant, String id) {
        long deadline = System.nanoTime() + FETCH_NANOS;
        while (true) {
            Execution known = runtime.findLive(tenant, id);
            if (known != null || !options.claims()) {
                return known;
            }
            StoreMember mine = member;
            Optional<ClaimedRun> claimed = mine.claim(tenant, id, this::isRunnable);
            if (claimed.isPresent()) {
                Execution taken = take(mine, claimed.get());
                if (taken != null) {
                    return taken;
                }
            }
            Optional<RunStanding> standing = store.standing(tenant, id);
            boolean comes = standing.isPresent()
                    && !standing.get().status().isEnded()
                    && standing.get().problem() == null
                    && String.valueOf(standing.get().owner()).endsWith("#" + mine.process());
            if (!comes || System.nanoTime() > deadline || !sleep(SHORT_MILLIS)) {
                return null;
            }
        }
    }

    /** Keeps a message for a run that is with another process. False if it has ended or is unknown. */
    boolean send(String tenant, String id, RunMessage message) {
        String messageId = message instanceof RunMessage.Signal signal
                ? "signal:" + signal.signal().id()
                : UUID.randomUUID().toString();
        boolean sent = member.send(tenant, new RunCommit.Addressed(id, messageId, message));
        hint();
        return sent;
    }

    // ---------------------------------------------------------------- signals with a key

    SignalReceipt signal(String tenant, String key, Woken.BySignal signal, Duration ttl) {
        SignalReceipt receipt = member.signal(tenant, key, signal, runtime.now().plus(ttl));
        hint();
        return receipt;
    }

    /** A node waits for a signal, and the store knows: one that is kept is brought to it. */
    void match(Execution execution, Wake.Signal signal) {
        StoreMember mine = execution.storedOrThrow().member();
        inBackground(() -> mine.match(execution.tenant(), signal.name(), String.valueOf(signal.key())));
    }

    void putBack(Execution execution, RunMessage.KeyedSignal message) {
        StoreMember mine = execution.storedOrThrow().member();
        inBackground(() -> mine.putBack(execution.tenant(), message.key(), message.signal()));
    }

    /** What others do again if this process does not come to it. */
    private void inBackground(Runnable action) {
        runtime.workers().execute(() -> {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.warn("The store did not do what was asked", e);
            }
            hint();
        });
    }

    /** The membership that counts now. */
    StoreMember member() {
        return member;
    }

    /** Who awaits the ends of runs. */
    AwaitedEnds ends() {
        return ends;
    }

    /** A run has ended here. */
    void ended(Execution execution) {
        if (Starts.countsForLimit(execution)) {
            limits.changed(execution);
        }
        ends.ended(execution);
    }

    // ---------------------------------------------------------------- the end

    /**
     * Takes and delivers nothing more. The thread is interrupted only if the store does not answer: a database in a file of this
     * process closes the file when a thread is interrupted that writes to it.
     */
    void stop() {
        closed = true;
        hint();
        boolean interrupted = false;
        long wait = STOP_MILLIS;
        while (thread.isAlive()) {
            try {
                thread.join(wait);
                thread.interrupt();
                wait = 0;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hands the runs back that this process still has. */
    @Override
    public void close() {
        member.close();
        ends.giveUp();
    }
}
