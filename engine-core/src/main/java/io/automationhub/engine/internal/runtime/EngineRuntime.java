package io.automationhub.engine.internal.runtime;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.EngineOverloadedException;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.EngineListener;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.node.EngineClock;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.schedule.BusinessCalendar;
import io.automationhub.engine.security.OutputFilter;
import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.PreparedRun;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What all runs of an engine share: clock, threads, journal, store, listeners, compiled workflows, bounds. */
public final class EngineRuntime implements AutoCloseable {

    private static final long CLOSE_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Six letters and digits tell processes apart that start in the same millisecond. */
    private static final long LEAST_OF_PROCESS = 60_466_176L;

    private static final long MOST_OF_PROCESS = LEAST_OF_PROCESS * Character.MAX_RADIX;

    /** Seeds stand in each run's journal, so they are short. */
    private static final long MOST_SEED = 1_000_000_000;

    private final Settings settings;
    private final WorkerThreads workers = new WorkerThreads();
    private final Blobs blobs;
    private final LiveExecutions live;
    private final Definitions definitions;
    private final ChildRuns children = new ChildRuns(this);
    private final ErrorRuns errors = new ErrorRuns(this);
    private final KeyedSignals keyedSignals;
    private final Starts starts;
    private final AttemptLimits attemptLimits;
    private final ScheduleLoop schedules;
    private final OpenRequests requests = new OpenRequests();
    private final LogBridge logs = new LogBridge();
    private final AtomicLong abandoned = new AtomicLong();
    private final @Nullable EventPublisher publisher;
    private final @Nullable Membership membership;
    private final LoadingCache<Workflow, CompiledWorkflow> cache;
    private volatile @Nullable CompiledWorkflow lastUsed;
    private volatile boolean closed;

    /**
     * What an engine is made of.
     *
     * @param calendars the host's own, which schedules may name
     * @param signalTtl how long a signal with a key is kept for which nothing waits
     * @param maxExecutions the most unfinished runs
     * @param admissionTimeout how long a start waits when there are so many
     * @param closeTimeout how long a close waits for attempts that run
     * @param callerRuns whether who runs a workflow lends the run its thread
     * @param sharing how it takes part in a durable store; without effect if the store is none
     */
    public record Settings(
            NodeExecutorRegistry registry,
            FunctionLibrary functions,
            EngineClock clock,
            Journal journal,
            WorkflowStore store,
            DocumentStore documents,
            Map<String, BusinessCalendar> calendars,
            BlobStore blobs,
            long maxBlobBytes,
            List<EngineListener> listeners,
            OutputFilter outputFilter,
            JsonLimits limits,
            ApprovalTokens approvalTokens,
            Duration signalTtl,
            int maxExecutions,
            Duration admissionTimeout,
            Duration closeTimeout,
            boolean callerRuns,
            Sharing sharing) {}

    /** A runtime that is ready to start runs. */
    public EngineRuntime(Settings settings) {
        this.settings = settings;
        SplittableRandom random =
                new SplittableRandom(System.nanoTime() ^ ProcessHandle.current().pid() << 32);
        String idPrefix =
                Long.toString(settings.clock().epochMicros(settings.clock().nanos()) / 1000, Character.MAX_RADIX)
                        + Long.toString(random.nextLong(LEAST_OF_PROCESS, MOST_OF_PROCESS), Character.MAX_RADIX)
                        + "-";
        live = new LiveExecutions(idPrefix);
        definitions = new Definitions(settings.documents());
        keyedSignals = new KeyedSignals(this, settings.signalTtl());
        starts = new Starts(this, settings, live, idPrefix, random.nextLong(MOST_SEED));
        blobs = new Blobs(settings.blobs(), settings.maxBlobBytes());
        settings.store().onForgotten(this::forgotten);
        publisher = settings.listeners().isEmpty() ? null : new EventPublisher(settings.listeners());
        schedules = new ScheduleLoop(this, settings.documents(), settings.calendars());
        cache = Caffeine.newBuilder()
                .weakKeys()
                .build(workflow -> WorkflowCompiler.compile(workflow, settings.registry(), settings.functions()));
        if (settings.store() instanceof DurableStore durable) {
            membership = new Membership(this, durable, settings.sharing());
            attemptLimits = membership.limits();
            membership.begin();
        } else {
            attemptLimits = new NamedLimits(settings.clock());
            membership = null;
            schedules.begin();
        }
    }

    // ---------------------------------------------------------------- starting

    /** The workflow, compiled; compiled once for each object, because its hash would cost more than a short run. */
    @SuppressWarnings("ReferenceEquality")
    CompiledWorkflow compiled(Workflow workflow) {
        CompiledWorkflow last = lastUsed;
        if (last != null && last.workflow() == workflow) {
            return last;
        }
        CompiledWorkflow compiled = cache.get(workflow);
        lastUsed = compiled;
        return compiled;
    }

    /**
     * Starts a run on the calling thread, and advances it until it has to wait.
     *
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if workflow, trigger, input or variables are
     *     not in order
     * @throws EngineOverloadedException if there are too many unfinished runs
     */
    public RunHandle start(StartRequest request) {
        return starts.start(request, null, null);
    }

    /**
     * Starts a run as {@link #start} does, for a caller who waits for its end.
     *
     * @param lends whether the caller waits without a bound, so that attempts may be made on the calling thread before this
     *     returns, if the engine is so set
     */
    public RunHandle run(StartRequest request, boolean lends) {
        return membership == null ? starts.run(request, lends && settings.callerRuns()) : start(request);
    }

    /**
     * A run that is checked and begins when somebody writes it.
     *
     * @throws EngineException if runs live in memory alone
     */
    public PreparedRun prepare(StartRequest request) {
        return starts.prepare(request);
    }

    /**
     * Runs an ended run again.
     *
     * @throws EngineException if there is no such run, it has not ended, or what is to run again is not in it
     */
    public RunHandle rerun(RerunRequest request) {
        return new Reruns(this).start(request);
    }

    /** A run has begun to wait for something that others must know of. */
    void reach(Execution execution, Waits.Outside outside) {
        if (outside.wake() instanceof Wake.Child child) {
            children.begin(execution, outside.waiter(), child);
        } else if (outside.wake() instanceof Wake.Iterations iterations) {
            iterations.runs().forEach(run -> children.begin(execution, outside.waiter(), run));
        } else if (outside.wake() instanceof Wake.Signal signal && membership != null) {
            membership.match(execution, signal);
        } else if (outside.wake() instanceof Wake.Signal signal) {
            keyedSignals.register(execution, outside.waiter(), signal);
        } else if (outside.wake() instanceof Wake.Completion completion
                && completion.request() != null
                && membership == null) {
            requests.register(execution, outside.waiter(), completion, completion.request());
        }
    }

    /** A run waits for it no longer. */
    void withdraw(Execution execution, Waits.Outside outside) {
        if (outside.wake() instanceof Wake.Child child) {
            children.withdraw(execution, child.execution());
        } else if (outside.wake() instanceof Wake.Iterations iterations) {
            iterations.runs().forEach(run -> children.withdraw(execution, run.execution()));
        } else if (outside.wake() instanceof Wake.Signal signal) {
            keyedSignals.withdraw(execution, outside.waiter(), signal);
        } else if (outside.wake() instanceof Wake.Completion completion) {
            requests.withdraw(execution, completion);
        }
    }

    /**
     * Sends a signal to whoever waits for that name and key.
     *
     * @throws EngineException if the run that waits for it does not answer in time
     */
    public SignalReceipt signal(String tenant, String name, String key, String id, @Nullable Object data) {
        Woken.BySignal signal = new Woken.BySignal(name, id, Json.of(data, settings.limits()));
        return membership == null
                ? keyedSignals.send(tenant, key, signal)
                : membership.signal(tenant, key, signal, settings.signalTtl());
    }

    /** A signal with a key came in vain to a run that is stored. */
    void putBack(Execution execution, RunMessage.KeyedSignal message) {
        if (membership != null) {
            membership.putBack(execution, message);
        }
    }

    /**
     * Decides an approval.
     *
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if the data do not match the form
     */
    public DecisionReceipt decide(String tenant, String token, JsonObject decision) {
        return new Decisions(this).decide(tenant, token, Json.object(Json.of(decision, settings.limits())));
    }

    /** Why a run is where it is; empty if it is unknown. */
    public Optional<Explanation> explain(String tenant, String id) {
        Execution execution = find(tenant, id);
        if (execution == null) {
            return settings.store()
                    .find(tenant, id)
                    .map(record -> record.status().isEnded()
                            ? Explainer.ofEnded(settings.store(), record)
                            : Explainer.ofElsewhere((DurableStore) settings.store(), settings.registry(), record));
        }
        Event.Explain event = new Event.Explain();
        execution.post(event);
        Explanation answer = RunHandle.answer(event.answer, Explainer.ofBusy(execution));
        return Optional.of(Estimate.added(this, execution, answer));
    }

    /** What is asked of people of a tenant, the oldest first. */
    public List<OpenRequests.Request> requests(String tenant) {
        return settings.store() instanceof DurableStore durable
                ? durable.requests(tenant).stream()
                        .map(request -> OpenRequests.stored(approvalTokens(), tenant, request))
                        .toList()
                : requests.of(tenant);
    }

    /** What runs when a schedule says so. */
    public ScheduleLoop schedules() {
        return schedules;
    }

    /** Which share of the runs is unfinished here that may be. */
    double load() {
        return (double) live.size() / settings.maxExecutions();
    }

    /** Whether this process begins what is due. */
    boolean takesRuns() {
        return membership == null || membership.claims();
    }

    AttemptLimits attemptLimits() {
        return attemptLimits;
    }

    /** How many runs are before one in the line of its workflow; -1 if it is in none. */
    int ahead(Execution execution) {
        return execution.stored() == null
                ? starts.ahead(execution)
                : execution.stored().member().ahead(execution.stored().number());
    }

    ApprovalTokens approvalTokens() {
        return settings.approvalTokens();
    }

    // ---------------------------------------------------------------- for runs

    void ended(Execution execution) {
        if (membership == null) {
            keep(execution);
        } else {
            starts.leave(execution);
            membership.ended(execution);
        }
        children.ended(execution);
        errors.ended(execution);
        schedules.ended(execution);
    }

    /** The store has the run from now on, and not the table of live ones. */
    private void keep(Execution execution) {
        try {
            settings.store().ended(execution);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(EngineRuntime.class)
                    .error("The store did not keep the ended execution '{}'; its history is lost", execution.id(), e);
            if (execution.isTracked()) {
                forgotten(execution.tenant(), execution.id());
            }
        } finally {
            starts.leave(execution);
        }
    }

    // ---------------------------------------------------------------- runs that are stored

    /** What the store has of a run that begins here; null if runs live in memory alone. */
    @Nullable
    StoredRun newStoredRun() {
        return membership == null ? null : membership.newRun();
    }

    /** A run that has nothing to do for so long need not be kept in memory. */
    long keepNanos() {
        return membership == null ? Long.MAX_VALUE : membership.keepNanos();
    }

    /** Whether what has effects may begin. */
    boolean mayStart(StoredRun run) {
        return membership == null || membership.mayStart(run);
    }

    /** This process has the run no longer. */
    void drop(Execution execution) {
        execution.storedOrThrow().moved();
        starts.leave(execution);
    }

    /** This process has none of the runs any more that it had under a membership. */
    void dropAll(StoreMember member) {
        for (Execution execution : live.all()) {
            if (execution.storedOrThrow().member().equals(member)) {
                drop(execution);
                execution.post(new Event.TimeCame());
            }
        }
    }

    /** Something came for a run that has gone from here: it goes after it, if somebody waits for an answer. */
    void forward(Execution gone, Event event) {
        if (event instanceof Event.Request<?> request && membership != null) {
            workers.execute(() -> {
                Execution execution = membership.fetch(gone.tenant(), gone.id());
                Runnable elsewhere = request.elsewhere;
                if (execution != null) {
                    execution.post(event);
                } else if (elsewhere != null) {
                    elsewhere.run();
                }
            });
        }
    }

    /** Runs that wait are asked to rest. */
    void askToRest() {
        for (Execution execution : live.all()) {
            if (execution.isIdle() && execution.currentMicros() - execution.turnMicros() > keepNanos() / 1000) {
                execution.post(new Event.Rest());
            }
        }
    }

    /** Completes when a stored run has ended, in whichever process. */
    CompletableFuture<ExecutionHistory> awaitEnd(String tenant, String id) {
        return membership == null
                ? CompletableFuture.failedFuture(new EngineException("There is no execution '" + id + "'"))
                : membership.ends().await(tenant, id);
    }

    /**
     * How many more runs this process has room for, called ones included. Runs that wait for others leave the memory after a
     * while, so they cannot keep those out for ever.
     */
    int room() {
        return closed ? 0 : Math.max(0, settings.maxExecutions() - live.size());
    }

    /** How runs begin, and leave. */
    Starts starts() {
        return starts;
    }

    boolean isClosed() {
        return closed;
    }

    ErrorRuns errorRuns() {
        return errors;
    }

    /** How this process shares runs with others; null if they live in memory alone. */
    @Nullable
    Membership membership() {
        return membership;
    }

    private void forgotten(String tenant, String execution) {
        blobs.forgotten(tenant, execution, closed ? Runnable::run : workers);
        starts.forgotten(execution);
    }

    void publish(Turn turn) {
        if (publisher != null) {
            publisher.publish(turn);
        }
    }

    void countAbandoned() {
        abandoned.incrementAndGet();
    }

    EngineClock clock() {
        return settings.clock();
    }

    Journal journal() {
        return membership == null ? settings.journal() : membership;
    }

    @Nullable
    EventPublisher publisher() {
        return publisher;
    }

    WorkerThreads workers() {
        return workers;
    }

    LogBridge logs() {
        return logs;
    }

    JsonLimits limits() {
        return settings.limits();
    }

    OutputFilter outputFilter() {
        return settings.outputFilter();
    }

    // ---------------------------------------------------------------- for the engine

    /** The files. */
    public Blobs blobs() {
        return blobs;
    }

    /** The functions of expressions. */
    public FunctionLibrary functions() {
        return settings.functions();
    }

    /** The node types. */
    public NodeExecutorRegistry registry() {
        return settings.registry();
    }

    /** Whether runs survive their process. */
    public boolean isDurable() {
        return membership != null;
    }

    /** The node runs of a run that the store has, without the tokens that recovery needs and nobody else may see. */
    public Page<NodeExecution> storedNodes(String tenant, String id, @Nullable String after, int limit) {
        Page<NodeExecution> page = settings.store().nodes(tenant, id, after, limit);
        return isDurable() ? new Page<>(page.items().stream().map(Redaction::of).toList(), page.next()) : page;
    }

    /** Where ended runs are. */
    public WorkflowStore store() {
        return settings.store();
    }

    /** The runs of a tenant that have not ended. */
    public List<RunHandle> live(String tenant) {
        return live.of(tenant).stream().map(RunHandle::new).toList();
    }

    /** A run that has not ended. */
    public Optional<RunHandle> live(String tenant, String id) {
        return Optional.ofNullable(findLive(tenant, id)).map(RunHandle::new);
    }

    /** A run that has not ended, wherever it is. */
    public Optional<RunHandle> handle(String tenant, String id) {
        Optional<RunHandle> here = live(tenant, id);
        return here.isPresent() || !(settings.store() instanceof DurableStore durable)
                ? here
                : durable.standing(tenant, id)
                        .filter(standing -> !standing.status().isEnded())
                        .map(standing -> new RunHandle(this, tenant, id));
    }

    /** A run that has not ended, if this process has it or can take it; null otherwise. */
    @Nullable
    Execution find(String tenant, String id) {
        Execution known = live.find(tenant, id);
        return known != null || membership == null || closed ? known : membership.fetch(tenant, id);
    }

    /** A run that this process has; null if it does not. */
    @Nullable
    Execution findLive(String tenant, String id) {
        return live.find(tenant, id);
    }

    /** The runs that nodes begin. */
    ChildRuns children() {
        return children;
    }

    /** Drafts and published workflows. */
    public Definitions definitions() {
        return definitions;
    }

    /** The time on the engine's clock. */
    public Instant now() {
        return Facts.instant(nowMicros());
    }

    /** The same in microseconds since 1970. */
    long nowMicros() {
        return settings.clock().epochMicros(settings.clock().nanos());
    }

    /** How many attempts were given up because they did not end when they were asked to. */
    public long abandonedAttempts() {
        return abandoned.get();
    }

    /** Whether anything moves: a thread of the engine is at work, a run's writer is, or an attempt goes on. */
    public boolean isBusy() {
        return workers.areBusy() || live.anyBusy();
    }

    /** Whether no run's writer is at work, and no thread of the engine; attempts may go on. */
    boolean isQuiet() {
        return !workers.areBusy() && live.all().stream().allMatch(Execution::isQuiet);
    }

    /** Starts nothing more, waits until nothing moves (up to the close time-out), and gives up what is left. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long deadline = System.nanoTime() + settings.closeTimeout().toNanos();
        while (live.anyBusy()
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(CLOSE_LOOK_NANOS);
        }
        if (membership == null) {
            live.all().forEach(Execution::giveUp);
        } else {
            // Not before: others would find that this process died while it waits for its attempts.
            membership.stop();
            dropAll(membership.member());
            membership.close();
        }
        if (publisher != null) {
            publisher.close();
        }
        workers.close();
        if (settings.clock() instanceof SystemClock own) {
            own.close();
        }
    }
}
