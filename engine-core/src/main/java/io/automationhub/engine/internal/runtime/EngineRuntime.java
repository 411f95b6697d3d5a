package io.automationhub.engine.internal.runtime;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.EngineOverloadedException;
import io.automationhub.engine.error.IdempotencyConflictException;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.EngineListener;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.node.EngineClock;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.security.OutputFilter;
import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionRecord;
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
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
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

    private final Settings settings;
    private final WorkerThreads workers = new WorkerThreads();
    private final Blobs blobs;
    private final LiveExecutions live;
    private final Definitions definitions;
    private final ChildRuns children = new ChildRuns(this);
    private final ErrorRuns errors = new ErrorRuns(this);
    private final KeyedSignals keyedSignals;
    private final StartKeys startKeys = new StartKeys();
    private final WorkflowLimits workflowLimits = new WorkflowLimits();
    private final AttemptLimits attemptLimits;
    private final OpenRequests requests = new OpenRequests();
    private final LogBridge logs = new LogBridge();
    private final Semaphore admission;
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong abandoned = new AtomicLong();
    private final String idPrefix;
    private final long seed;
    private final @Nullable EventPublisher publisher;
    private final @Nullable Membership membership;
    private final LoadingCache<Workflow, CompiledWorkflow> cache;
    private volatile @Nullable CompiledWorkflow lastUsed;
    private volatile boolean closed;

    /**
     * What an engine is made of.
     *
     * @param signalTtl how long a signal with a key is kept for which nothing waits
     * @param maxExecutions the most unfinished runs
     * @param admissionTimeout how long a start waits when there are so many
     * @param closeTimeout how long a close waits for attempts that run
     * @param sharing how it takes part in a durable store; without effect if the store is none
     */
    public record Settings(
            NodeExecutorRegistry registry,
            FunctionLibrary functions,
            EngineClock clock,
            Journal journal,
            WorkflowStore store,
            Definitions definitions,
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
            Sharing sharing) {}

    /** A runtime that is ready to start runs. */
    public EngineRuntime(Settings settings) {
        this.settings = settings;
        admission = new Semaphore(settings.maxExecutions());
        SplittableRandom random =
                new SplittableRandom(System.nanoTime() ^ ProcessHandle.current().pid() << 32);
        idPrefix = Long.toString(settings.clock().epochMicros(settings.clock().nanos()) / 1000, Character.MAX_RADIX)
                + Long.toString(random.nextLong(LEAST_OF_PROCESS, MOST_OF_PROCESS), Character.MAX_RADIX)
                + "-";
        live = new LiveExecutions(idPrefix);
        definitions = settings.definitions();
        keyedSignals = new KeyedSignals(this, settings.signalTtl());
        seed = random.nextLong();
        blobs = new Blobs(settings.blobs(), settings.maxBlobBytes());
        settings.store().onForgotten(this::forgotten);
        publisher = settings.listeners().isEmpty() ? null : new EventPublisher(settings.listeners());
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
        return start(request, null, null);
    }

    /**
     * Runs an ended run again.
     *
     * @throws EngineException if there is no such run, it has not ended, or what is to run again is not in it
     */
    public RunHandle rerun(RerunRequest request) {
        return new Reruns(this).start(request);
    }

    /**
     * A run that is checked and begins when somebody writes it.
     *
     * @throws EngineException if runs live in memory alone
     */
    public PreparedRun prepare(StartRequest request) {
        Membership sharing = membership;
        if (sharing == null) {
            throw new EngineException("Cannot prepare a run of workflow '"
                    + request.workflow().id() + "': the engine keeps runs in memory; give it a durable store");
        }
        Execution execution = newStored(checked(request, null, null));
        StoredRun stored = execution.storedOrThrow();
        return new PreparedRun(stored.member().process(), stored.beginning(execution, now()));
    }

    RunHandle start(StartRequest request, @Nullable CopiedNodes copied, @Nullable RunOrigin origin) {
        Start start = checked(request, copied, origin);
        if (membership != null) {
            return stored(membership, start);
        }
        Execution first = start.key() == null ? null : startKeys.known(start);
        return new RunHandle(first == null ? admitted(start) : first);
    }

    private Start checked(StartRequest request, @Nullable CopiedNodes copied, @Nullable RunOrigin origin) {
        CompiledWorkflow compiled = compiled(request.workflow());
        StartCheck check = new StartCheck(compiled, request, settings.limits());
        int trigger = check.trigger();
        Object input = check.input();
        @Nullable Object[] variables = check.variables();
        long number = sequence.incrementAndGet();
        Integer priority = request.priority();
        return new Start(
                compiled,
                request.tenant(),
                idPrefix,
                number,
                trigger,
                input,
                variables,
                seed + number,
                request.key(),
                priority == null ? request.workflow().settings().priority() : priority,
                request.deadline(),
                null,
                copied,
                origin,
                request.tags());
    }

    private Execution admitted(Start start) {
        admit(start.compiled().workflow().id());
        Execution execution = new Execution(this, start);
        if (start.key() != null) {
            Execution first = reserve(execution);
            if (!first.equals(execution)) {
                return first;
            }
        }
        begin(execution);
        return execution;
    }

    private void begin(Execution execution) {
        live.add(execution);
        if (membership == null && countsForLimit(execution) && !workflowLimits.enter(execution)) {
            execution.hold();
        }
        execution.begin();
    }

    /** Starts a run that is stored: here, or, if this process takes no runs, wherever one does. */
    private RunHandle stored(Membership sharing, Start start) {
        Execution execution;
        if (sharing.claims()) {
            admit(start.compiled().workflow().id());
            execution = newStored(start);
            execution.takesPlace();
            begin(execution);
        } else if (start.copied() != null) {
            throw new EngineException("Cannot run an execution of workflow '"
                    + start.compiled().workflow().id()
                    + "' again here: this engine takes no runs (worker false), and what is to be copied must be"
                    + " copied by one that does");
        } else {
            execution = newStored(start);
            sharing.begin(execution);
        }
        String first = sharing.awaitBegun(execution.storedOrThrow(), execution);
        if (first != null) {
            return repeated(start, first);
        }
        return sharing.claims() ? new RunHandle(execution) : new RunHandle(this, start.tenant(), start.id());
    }

    /** A run for the store. If its workflow has a limit it waits in line, and the store lets it begin. */
    private Execution newStored(Start start) {
        Execution execution = new Execution(this, start);
        if (countsForLimit(execution)) {
            execution.hold();
        }
        return execution;
    }

    /** The run that was started with the same key before. */
    private RunHandle repeated(Start start, String first) {
        ExecutionRecord record = settings.store()
                .find(start.tenant(), first)
                .orElseThrow(() -> new EngineException("The execution '" + first + "', which was started with the key '"
                        + start.key() + "' before, was deleted meanwhile; start again"));
        int trigger = start.trigger();
        boolean same = Objects.equals(start.input(), record.input())
                && Objects.equals(trigger < 0 ? null : start.compiled().plan().id(trigger), record.trigger())
                && start.namedVariables().equals(record.startVariables())
                && start.compiled().workflow().hash().equals(record.version());
        if (!same) {
            throw new IdempotencyConflictException(
                    start.compiled().workflow().id(), String.valueOf(start.key()), first);
        }
        return new RunHandle(this, start.tenant(), first);
    }

    /** The run that has this one's key; this one is let go if that is another. */
    private Execution reserve(Execution execution) {
        Execution first = execution;
        try {
            first = startKeys.reserve(execution);
            return first;
        } finally {
            if (!first.equals(execution)) {
                admission.release();
            }
        }
    }

    /**
     * Begins a run that comes from another one. It is not counted among those that the host started, or runs that wait for
     * each other could keep each other out for ever. No effect if there is a run with that id.
     */
    Execution begin(StartRequest request, String id, RunOrigin origin) {
        return beginPrepared(prepare(request, id, origin));
    }

    /** A run that comes from another one, and has not begun. */
    Execution prepare(StartRequest request, String id, RunOrigin origin) {
        CompiledWorkflow compiled = compiled(request.workflow());
        StartCheck check = new StartCheck(compiled, request, settings.limits());
        return prepare(request, compiled, check.trigger(), check.input(), check.variables(), id, null, origin);
    }

    /** Begins a run of the body of a distributed group, in the workflow of the run that asks for it. */
    Execution begin(Execution parent, String id, GroupPart part, RunOrigin origin) {
        CompiledWorkflow whole = compiled(parent.workflow());
        CompiledWorkflow compiled = whole.part(part);
        StartRequest request = StartRequest.of(
                parent.workflow(),
                parent.tenant(),
                parent.input(),
                null,
                Map.of(),
                parent.start().tags());
        return beginPrepared(
                prepare(request, compiled, -1, parent.input(), compiled.top().defaults(), id, part, origin));
    }

    private Execution prepare(
            StartRequest request,
            CompiledWorkflow compiled,
            int trigger,
            @Nullable Object input,
            @Nullable Object[] variables,
            String id,
            @Nullable GroupPart part,
            RunOrigin origin) {
        Start start = new Start(
                compiled,
                request.tenant(),
                id,
                -1,
                trigger,
                input,
                variables,
                seed + id.hashCode(),
                null,
                request.workflow().settings().priority(),
                null,
                part,
                null,
                origin,
                request.tags());
        return new Execution(this, start);
    }

    /** Begins a run that comes from another one; any process may take it that is an iteration of a distributed group. */
    Execution beginPrepared(Execution execution) {
        if (membership != null && execution.start().part() != null) {
            membership.begin(execution);
        } else if (!closed && live.addIfAbsent(execution)) {
            // On a thread of its own: the other run goes on, and can cancel this one, however long its first turn
            // takes.
            workers.execute(execution::begin);
        } else if (membership != null) {
            execution.storedOrThrow().begun().complete(execution.id());
        }
        return execution;
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
                            : Explainer.ofElsewhere((DurableStore) settings.store(), record));
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

    AttemptLimits attemptLimits() {
        return attemptLimits;
    }

    /** How many runs are before one in the line of its workflow; -1 if it is in none. */
    int ahead(Execution execution) {
        return execution.stored() == null
                ? workflowLimits.ahead(execution)
                : execution.stored().member().ahead(execution.stored().number());
    }

    ApprovalTokens approvalTokens() {
        return settings.approvalTokens();
    }

    private void admit(String workflow) {
        if (closed) {
            throw new EngineException("Cannot start workflow '" + workflow + "': the engine was closed");
        }
        if (admission.tryAcquire()) {
            return;
        }
        Duration wait = settings.admissionTimeout();
        try {
            if (!admission.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new EngineOverloadedException(
                        "Cannot start workflow '" + workflow + "': " + settings.maxExecutions()
                                + " runs are unfinished, and none ended within " + wait
                                + "; start fewer at a time, or raise maxExecutions",
                        settings.maxExecutions());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("Interrupted while waiting to start workflow '" + workflow + "'", e);
        }
    }

    /** Takes a run that {@link Recovery} rebuilt, and lets it go on. */
    void adopt(Execution recovered) {
        if (recovered.start().isRoot()) {
            if (membership == null) {
                admit(recovered.workflowId());
            } else if (admission.tryAcquire()) {
                recovered.takesPlace();
            }
        }
        live.add(recovered);
        if (recovered.start().key() != null && membership == null) {
            startKeys.reserve(recovered);
        }
        enterLimit(recovered);
        recovered.continueRecovered();
    }

    private void enterLimit(Execution recovered) {
        if (!countsForLimit(recovered)) {
            return;
        }
        if (membership != null) {
            if (recovered.isHeld()) {
                membership.limits().changed(recovered);
            }
        } else if (workflowLimits.enter(recovered) && recovered.isHeld()) {
            recovered.post(new Event.Admitted());
        }
    }

    // ---------------------------------------------------------------- for runs

    void ended(Execution execution) {
        if (membership == null) {
            keep(execution);
        } else {
            letGo(execution);
            membership.ended(execution);
        }
        children.ended(execution);
        errors.ended(execution);
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
            letGo(execution);
        }
    }

    /** The run is not one of this process any more. */
    private void letGo(Execution execution) {
        if (live.remove(execution)) {
            if (execution.hasPlace()) {
                admission.release();
            }
            leaveLimits(execution);
        }
    }

    private void leaveLimits(Execution execution) {
        if (execution.isLimited()) {
            attemptLimits.withdraw(execution);
        }
        if (countsForLimit(execution) && membership == null) {
            Execution next = workflowLimits.leave(execution);
            if (next != null) {
                // On a thread of its own, or runs that end at once would begin each other deeper and deeper.
                workers.execute(() -> next.post(new Event.Admitted()));
            }
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
        letGo(execution);
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
                : membership.awaitEnd(tenant, id);
    }

    /**
     * How many more runs this process has room for, called ones included. Runs that wait for others leave the memory after a
     * while, so they cannot keep those out for ever.
     */
    int room() {
        return closed ? 0 : Math.max(0, settings.maxExecutions() - live.size());
    }

    ErrorRuns errorRuns() {
        return errors;
    }

    /** How this process shares runs with others; null if they live in memory alone. */
    @Nullable
    Membership membership() {
        return membership;
    }

    /** Whether it is one of the runs of which its workflow limits the number. */
    static boolean countsForLimit(Execution execution) {
        return execution.start().isRoot() && execution.workflow().settings().limit() > 0;
    }

    private void forgotten(String tenant, String execution) {
        blobs.forgotten(tenant, execution, closed ? Runnable::run : workers);
        startKeys.forgotten(execution);
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
