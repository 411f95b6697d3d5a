package io.automationhub.engine;

import io.automationhub.engine.event.EngineListener;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.expression.ExpressionFunction;
import io.automationhub.engine.expression.FunctionBody;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.ValueType;
import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.internal.runtime.ApprovalTokens;
import io.automationhub.engine.internal.runtime.EngineRuntime;
import io.automationhub.engine.internal.runtime.Journal;
import io.automationhub.engine.internal.runtime.RunHandle;
import io.automationhub.engine.internal.runtime.Sharing;
import io.automationhub.engine.internal.runtime.StartRequest;
import io.automationhub.engine.internal.runtime.SystemClock;
import io.automationhub.engine.node.EngineClock;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeFunction;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.nodes.BuiltInNodes;
import io.automationhub.engine.schedule.BusinessCalendar;
import io.automationhub.engine.security.OutputFilter;
import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.InMemoryBlobStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.store.InMemoryWorkflowStore;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.Paging;
import io.automationhub.engine.store.PreparedRun;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.validation.WorkflowSchema;
import io.automationhub.engine.validation.WorkflowValidator;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs workflows inside an application.
 *
 * <pre>{@code
 * try (WorkflowEngine engine = WorkflowEngine.create()) {
 *     WorkflowExecution run = engine.run(workflow, Map.of("priority", "high"));
 * }
 * }</pre>
 *
 * <p>An engine is safe for use by any number of threads; an application usually has one. Everything belongs to a tenant:
 * {@link #forTenant} is a view of the same engine for another one than {@value #DEFAULT_TENANT}.
 */
public final class WorkflowEngine implements AutoCloseable {

    /** The tenant of an engine that nobody asked for another view of. */
    public static final String DEFAULT_TENANT = "default";

    private final EngineRuntime runtime;
    private final String tenant;

    private WorkflowEngine(EngineRuntime runtime, String tenant) {
        this.runtime = runtime;
        this.tenant = tenant;
    }

    /** An engine with the built-in nodes, in memory. */
    public static WorkflowEngine create() {
        return builder().build();
    }

    /** An engine to be configured. */
    public static Builder builder() {
        return new Builder();
    }

    EngineRuntime runtime() {
        return runtime;
    }

    /** A view of this engine for another tenant. Closing it closes the engine. */
    public WorkflowEngine forTenant(String other) {
        if (other.isBlank()) {
            throw new IllegalArgumentException("A tenant needs a name, found a blank one");
        }
        return new WorkflowEngine(runtime, other);
    }

    // ---------------------------------------------------------------- runs

    /**
     * Runs a workflow and waits for its end. The calling thread does the work until the run has to wait or comes to a node that
     * may block; in memory, nodes of that kind that follow each other are made by one other thread.
     *
     * @param input anything with a JSON form
     * @return the run, also if it failed; {@link WorkflowExecution#orElseThrow} throws then
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if workflow or input are not in order; nothing
     *     was started
     * @throws io.automationhub.engine.error.EngineOverloadedException if there are too many unfinished runs
     * @throws ExecutionWaitException if this thread is interrupted while it waits; the run goes on
     */
    public WorkflowExecution run(Workflow workflow, @Nullable Object input) {
        return run(ExecutionRequest.of(workflow).input(input), null);
    }

    /**
     * Runs a workflow and waits for its end, but only so long. Inline nodes are not counted: they run on this thread.
     *
     * @throws ExecutionWaitException if the time is over; the run goes on
     */
    public WorkflowExecution run(Workflow workflow, @Nullable Object input, Duration timeout) {
        return run(ExecutionRequest.of(workflow).input(input), timeout);
    }

    /** Runs what the request says and waits for its end. */
    public WorkflowExecution run(ExecutionRequest request) {
        return run(request, null);
    }

    /** Runs what the request says and waits for its end; null for no bound. */
    public WorkflowExecution run(ExecutionRequest request, @Nullable Duration timeout) {
        StartRequest starting = startRequest(request);
        // Who is interrupted already wants to wait for nothing, and who waits only so long cannot be in an attempt.
        boolean lends = timeout == null && !Thread.currentThread().isInterrupted();
        return started(() -> runtime.run(starting, lends)).await(timeout);
    }

    /**
     * Starts a run. The calling thread does the work until the run has to wait for the first time.
     *
     * @return the run; the first one, if one was started with the same {@link ExecutionRequest#key}, also if it has ended
     * @throws io.automationhub.engine.error.IdempotencyConflictException if one was started with the same key and something
     *     else
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if workflow or input are not in order
     * @throws io.automationhub.engine.error.EngineOverloadedException if there are too many unfinished runs
     */
    public ExecutionHandle start(ExecutionRequest request) {
        return started(() -> runtime.start(startRequest(request)));
    }

    private static ExecutionHandle started(Supplier<RunHandle> start) {
        // The interrupt flag that inline nodes leave is cleared; the caller's own is not theirs to see.
        boolean interrupted = Thread.interrupted();
        try {
            return new ExecutionHandle(start.get());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Checks a run that is to begin inside a transaction of the host, and does nothing more: a durable store writes it, as
     * {@code JdbcWorkflowStore.start(connection, prepared)} does. It begins when that transaction is committed, in any process
     * that takes runs.
     *
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if workflow or input are not in order
     * @throws io.automationhub.engine.error.EngineException if the engine has no durable store
     */
    public PreparedRun prepare(ExecutionRequest request) {
        return runtime.prepare(startRequest(request));
    }

    private StartRequest startRequest(ExecutionRequest request) {
        return new StartRequest(
                request.workflow(),
                tenant,
                request.input(),
                request.trigger(),
                request.variables(),
                request.key(),
                request.priority(),
                request.deadline(),
                List.copyOf(request.tags()));
    }

    /** Starts a run with this input. */
    public ExecutionHandle start(Workflow workflow, @Nullable Object input) {
        return start(ExecutionRequest.of(workflow).input(input));
    }

    /**
     * Runs an ended run again, as a new run of the same workflow with the same variables as at its start.
     *
     * @throws io.automationhub.engine.error.EngineException if there is no such run, it has not ended, the node is not in
     *     its workflow or stands in a group, or an output is edited of a node that is not copied
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if an edited input is not in order
     */
    public ExecutionHandle rerun(RerunRequest request) {
        return new ExecutionHandle(runtime.rerun(new io.automationhub.engine.internal.runtime.RerunRequest(
                tenant,
                request.execution(),
                request.from(),
                request.onlyFailed(),
                request.editsInput(),
                request.input(),
                request.outputs())));
    }

    /** What is wrong with a workflow, for this engine's node types. Empty if it can run. */
    public List<Problem> validate(Workflow workflow) {
        List<Problem> problems =
                new ArrayList<>(new WorkflowValidator(runtime.registry(), runtime.functions()).validate(workflow));
        problems.addAll(new ScheduleTriggers(runtime, tenant).problems(workflow));
        return problems;
    }

    /**
     * Sends a signal to whoever waits for that name and key, in any run of this tenant: the wait that has been open longest
     * takes it. If there is none it is kept for a time ({@link Builder#signalTtl}).
     *
     * @param data anything with a JSON form
     * @return what became of it; never {@link SignalReceipt#ENDED}
     */
    public SignalReceipt signal(String name, String key, @Nullable Object data) {
        return signal(name, key, UUID.randomUUID().toString(), data);
    }

    /**
     * Sends a signal that may come twice: the second one with the same id has no effect.
     *
     * @throws io.automationhub.engine.error.EngineException if the run that waits for it does not answer within some
     *     seconds; the signal may still count, and can be sent again with the same id
     */
    public SignalReceipt signal(String name, String key, String id, @Nullable Object data) {
        return runtime.signal(tenant, name, key, id, data);
    }

    /** The decisions that runs of this tenant wait for. */
    public Approvals approvals() {
        return new Approvals(runtime, tenant);
    }

    /** What runs by itself at its time. */
    public WorkflowSchedules schedules() {
        return new WorkflowSchedules(runtime, tenant);
    }

    /** Drafts and published workflows of this tenant. */
    public WorkflowCatalog workflows() {
        return new WorkflowCatalog(this, runtime, tenant);
    }

    // ---------------------------------------------------------------- what is known of runs

    /** A run that goes on; empty if it has ended or is unknown. */
    public Optional<ExecutionHandle> handle(String executionId) {
        return runtime.handle(tenant, executionId).map(ExecutionHandle::new);
    }

    /** A run as it is now. */
    public Optional<ExecutionRecord> execution(String executionId) {
        return live(executionId)
                .map(ExecutionHistory::record)
                .or(() -> runtime.store().find(tenant, executionId));
    }

    /** Why a run is where it is: what it waits for, and how far it has come. Empty if it is unknown. */
    public Optional<Explanation> explain(String executionId) {
        return runtime.explain(tenant, executionId);
    }

    /** Runs of this tenant, newest first. */
    public Page<ExecutionRecord> executions(ExecutionQuery query) {
        ExecutionQuery own = query.tenant(tenant);
        if (runtime.isDurable()) {
            return runtime.store().executions(own);
        }
        Page<ExecutionRecord> ended = runtime.store().executions(own);
        List<ExecutionRecord> all = new ArrayList<>(ended.items());
        runtime.live(tenant).stream()
                .map(run -> run.look().record())
                .filter(run -> all.stream().noneMatch(known -> known.id().equals(run.id())))
                .forEach(all::add);
        Page<ExecutionRecord> merged = Paging.executions(all.stream(), own);
        return merged.next() == null && ended.next() != null ? new Page<>(merged.items(), ended.next()) : merged;
    }

    /** The node runs of a run: the ended ones in the order of their ends, then the others. */
    public Page<NodeExecution> nodes(String executionId, @Nullable String after, int limit) {
        return live(executionId)
                .map(run -> Paging.positions(run.nodes(), after, limit))
                .orElseGet(() -> runtime.storedNodes(tenant, executionId, after, limit));
    }

    /** What the nodes of a run wrote, oldest first. */
    public List<WorkflowLog> logs(String executionId) {
        return runtime.isDurable()
                ? runtime.store().logs(tenant, executionId)
                : live(executionId)
                        .map(ExecutionHistory::logs)
                        .orElseGet(() -> runtime.store().logs(tenant, executionId));
    }

    private Optional<ExecutionHistory> live(String executionId) {
        return runtime.live(tenant, executionId).map(RunHandle::look);
    }

    // ---------------------------------------------------------------- files

    /**
     * Keeps a file of this tenant that belongs to no run, to be named in the input of one: it stays until it is deleted.
     *
     * @param name of the file; no path
     * @param mediaType such as {@code text/csv}; {@link BinaryRef#UNKNOWN_TYPE} if it is unknown
     * @param content read to its end, not closed
     * @throws io.automationhub.engine.error.NonRetriableException kind {@code file}, if it has more bytes than a file may
     *     have, or name or media type are none; nothing is kept then
     * @throws IOException if the content cannot be read, or not be kept
     */
    public BinaryRef storeBlob(String name, String mediaType, InputStream content) throws IOException {
        return runtime.blobs().put(tenant, null, name, mediaType, content);
    }

    /**
     * Opens a file of this tenant, such as one that a run's output names. Who opens it closes it.
     *
     * @throws io.automationhub.engine.error.NonRetriableException kind {@code file}, if it is not there
     * @throws IOException if it cannot be opened
     */
    public InputStream openBlob(BinaryRef file) throws IOException {
        return runtime.blobs().open(tenant, file);
    }

    /** Deletes a file of this tenant; false if there was none. Files of runs go with their runs. */
    public boolean deleteBlob(BinaryRef file) throws IOException {
        return runtime.blobs().delete(tenant, file);
    }

    // ---------------------------------------------------------------- what the engine has

    /** The node types. */
    public NodeExecutorRegistry nodeTypes() {
        return runtime.registry();
    }

    /** The JSON Schema of workflow files, with the configuration of all node types. */
    public JsonObject workflowSchema() {
        return WorkflowSchema.of(runtime.registry());
    }

    /** The functions of expressions. */
    public FunctionLibrary functions() {
        return runtime.functions();
    }

    /** How many attempts were given up, because they did not end within their grace when they were asked to. */
    public long abandonedAttempts() {
        return runtime.abandonedAttempts();
    }

    /**
     * Starts nothing more, waits until no attempt is under way (up to the close time-out), and tells the listeners what
     * is left. Runs that still wait are lost, because they are in memory; who waits for them gets an exception.
     */
    @Override
    public void close() {
        runtime.close();
    }

    /** Configures an engine. Not for use by several threads. */
    public static final class Builder {

        private final NodeExecutorRegistry.Builder registry = NodeExecutorRegistry.builder();

        /** The functions of the language and the host's; null while the host has none. */
        private FunctionLibrary.@Nullable Builder functions;

        private final Map<String, BusinessCalendar> calendars = new HashMap<>();
        private final List<EngineListener> listeners = new ArrayList<>();
        private WorkflowStore store = new InMemoryWorkflowStore();
        private BlobStore blobs = new InMemoryBlobStore();
        private long maxBlobBytes = 100L * 1024 * 1024;
        private @Nullable EngineClock clock;
        private OutputFilter outputFilter = OutputFilter.NONE;
        private JsonLimits limits = JsonLimits.DEFAULT;
        private byte @Nullable [] approvalSecret;
        private Duration signalTtl = Duration.ofDays(1);
        private int maxExecutions = 10_000;
        private Duration admissionTimeout = Duration.ofSeconds(30);
        private Duration closeTimeout = Duration.ofSeconds(30);
        private boolean callerRuns;
        private volatile @Nullable NodeExecutorRegistry nodeTypes;
        private String processName = Sharing.DEFAULT.name();
        private boolean worker = Sharing.DEFAULT.claims();
        private Duration leaseTime = Sharing.DEFAULT.ttl();
        private Duration pollInterval = Sharing.DEFAULT.poll();
        private Duration keepWaiting = Sharing.DEFAULT.keep();
        private int maxCrashes = Sharing.DEFAULT.mostCrashes();

        private Builder() {
            BuiltInNodes.register(registry);
        }

        /** Registers a function as a node type; it may block and may have effects. */
        public Builder node(String type, NodeFunction function) {
            return node(type, NodeTraits.EFFECTFUL_BLOCKING, function);
        }

        /** Registers a function as a node type, and says how it behaves. */
        public Builder node(String type, NodeTraits traits, NodeFunction function) {
            registry.register(type, traits, function);
            return this;
        }

        /** Registers a node type. */
        public Builder node(String type, NodeExecutor executor) {
            registry.register(type, executor);
            return this;
        }

        /**
         * Adds a function to the language of expressions; it may be given any number of values of any type.
         *
         * @param name an identifier, or one with a namespace before it: {@code money:vat}
         * @throws IllegalArgumentException if there is such a function
         */
        public Builder function(String name, FunctionBody body) {
            return function(ExpressionFunction.named(name)
                    .takesMore("values", ValueType.ANY)
                    .does("A function of the host application.")
                    .as(body));
        }

        /** Adds a function that says what it takes and gives. */
        public Builder function(ExpressionFunction function) {
            if (functions == null) {
                functions = StandardFunctions.register(FunctionLibrary.builder());
            }
            functions.add(function);
            return this;
        }

        /** The node types of the engine; to be asked for when it is built, when all are registered. */
        public Supplier<NodeExecutorRegistry> nodeTypes() {
            return () -> {
                NodeExecutorRegistry all = nodeTypes;
                if (all == null) {
                    throw new IllegalStateException("The node types are known when the engine is built; ask later");
                }
                return all;
            };
        }

        /** Installs a module. */
        public Builder install(EngineModule module) {
            module.install(this);
            return this;
        }

        /** Adds a listener. */
        public Builder listener(EngineListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Makes a calendar known that schedules may name.
         *
         * @param name as in {@code {"calendar": "plant"}}
         */
        public Builder calendar(String name, BusinessCalendar calendar) {
            calendars.put(name, calendar);
            return this;
        }

        /** Where ended runs are kept; in memory, 10,000 of them, unless set. */
        public Builder store(WorkflowStore workflowStore) {
            store = workflowStore;
            return this;
        }

        /** Where files are kept; in memory, 64 MB of them, unless set. A store that is set is not closed with the engine. */
        public Builder blobStore(BlobStore blobStore) {
            blobs = blobStore;
            return this;
        }

        /** The most bytes of a file, 100 MB unless set. */
        public Builder maxBlobBytes(long most) {
            if (most < 1) {
                throw new IllegalArgumentException("maxBlobBytes is at least 1, but was " + most);
            }
            maxBlobBytes = most;
            return this;
        }

        /** The clock; the machine's own unless set. A clock that is set is not closed with the engine. */
        public Builder clock(EngineClock engineClock) {
            clock = engineClock;
            return this;
        }

        /** What sees every node's output before it is kept. */
        public Builder outputFilter(OutputFilter filter) {
            outputFilter = filter;
            return this;
        }

        /** How large a value may be: inputs, outputs, configurations. */
        public Builder limits(JsonLimits valueLimits) {
            limits = valueLimits;
            return this;
        }

        /**
         * What the tokens of approvals are made with: at least 32 bytes, the same in every process that shares the work, and
         * known to nobody else. Unless set, it is made up anew with each engine.
         */
        public Builder approvalSecret(byte[] secret) {
            if (secret.length < ApprovalTokens.MIN_SECRET_BYTES) {
                throw new IllegalArgumentException("The secret of approvals has at least "
                        + ApprovalTokens.MIN_SECRET_BYTES + " bytes, found " + secret.length);
            }
            approvalSecret = secret.clone();
            return this;
        }

        /** How long a signal with a key is kept for which nothing waits; a day unless set. */
        public Builder signalTtl(Duration ttl) {
            signalTtl = ttl;
            return this;
        }

        /** The most unfinished runs, 10,000 unless set. A start beyond waits, and then is refused. */
        public Builder maxExecutions(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("maxExecutions is at least 1, but was " + most);
            }
            maxExecutions = most;
            return this;
        }

        /** How long a start waits when there are too many unfinished runs; 30 seconds unless set. */
        public Builder admissionTimeout(Duration timeout) {
            admissionTimeout = timeout;
            return this;
        }

        /** How long {@link WorkflowEngine#close} waits for attempts that are under way; 30 seconds unless set. */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = timeout;
            return this;
        }

        /**
         * Whether {@link WorkflowEngine#run} without a bound in time makes an attempt of a node that may block on the thread
         * that called it, while nothing else of the run goes on; unless set it does so on a thread that stands in for it. A
         * change of threads each way costs a run of one short request more than the rest of the engine does.
         *
         * <p>What that gives up: {@code run} returns no sooner than the node does, so that one that heeds no interrupt holds
         * up the caller beyond time-outs and {@code cancel}; and an interrupt of the calling thread, by whomever, reaches the
         * node, which fails if it heeds it, before {@code run} throws {@link ExecutionWaitException} if the run goes on. The
         * node sees the caller's thread locals. Without effect on runs in a durable store, which go on when what they did is
         * stored, on another thread.
         */
        public Builder callerRuns(boolean runs) {
            callerRuns = runs;
            return this;
        }

        /** What people call this process in a store that several may share; need not be unique. */
        public Builder processName(String name) {
            processName = name;
            return this;
        }

        /**
         * Whether this process takes runs from a durable store; it does unless set. If not, what it starts is run by a
         * process that does, and it only starts, asks and decides.
         */
        public Builder worker(boolean works) {
            worker = works;
            return this;
        }

        /**
         * After how long without a sign of life others find that this process has died, and take its runs; 30 seconds
         * unless set. The same in all processes. A process that is stopped for longer, or cannot reach the store, begins
         * nothing more before it has joined the store anew.
         */
        public Builder leaseTime(Duration ttl) {
            if (ttl.compareTo(Duration.ofMillis(200)) < 0) {
                throw new IllegalArgumentException("leaseTime is at least 200 milliseconds, but was " + ttl);
            }
            leaseTime = ttl;
            return this;
        }

        /** The most time until this process sees what others did in a durable store; half a second unless set. */
        public Builder pollInterval(Duration interval) {
            if (interval.toMillis() < 1) {
                throw new IllegalArgumentException("pollInterval is at least 1 millisecond, but was " + interval);
            }
            pollInterval = interval;
            return this;
        }

        /**
         * How long a run that waits stays in memory when nothing happens in it, if a durable store keeps it; a second unless
         * set. Then it takes no memory, and any process may go on with it.
         */
        public Builder keepWaiting(Duration idle) {
            keepWaiting = idle;
            return this;
        }

        /** A run whose process died so often is put aside, until somebody releases it; 5 unless set. */
        public Builder maxCrashes(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("maxCrashes is at least 1, but was " + most);
            }
            maxCrashes = most;
            return this;
        }

        /** The engine, ready to run. */
        public WorkflowEngine build() {
            DocumentStore documents =
                    store instanceof DurableStore durable ? durable.documents() : new InMemoryDocumentStore();
            return build(Journal.NONE, documents);
        }

        /** The engine, with what outlives it. */
        WorkflowEngine build(Journal journal, DocumentStore documents) {
            EngineClock time = clock == null ? new SystemClock() : clock;
            NodeExecutorRegistry types = registry.build();
            nodeTypes = types;
            return new WorkflowEngine(
                    new EngineRuntime(new EngineRuntime.Settings(
                            types,
                            functions == null ? StandardFunctions.library() : functions.build(),
                            time,
                            journal,
                            store,
                            documents,
                            calendars,
                            blobs,
                            maxBlobBytes,
                            listeners,
                            outputFilter,
                            limits,
                            new ApprovalTokens(approvalSecret),
                            signalTtl,
                            maxExecutions,
                            admissionTimeout,
                            closeTimeout,
                            callerRuns,
                            new Sharing(processName, worker, leaseTime, pollInterval, keepWaiting, maxCrashes))),
                    DEFAULT_TENANT);
        }
    }
}
