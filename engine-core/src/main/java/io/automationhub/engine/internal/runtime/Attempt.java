package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.TransactionalWork;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt on a thread of its own, on the {@link RunThread}, or on none while its {@code CompletionStage} is under
 * way. It calls the executor, and brings what comes of it to the run.
 */
final class Attempt extends CallContext implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final int slot;
    private final NodeProgram program;
    private final JsonObject config;
    private final RunEnvironment environment;
    private final int number;
    private final @Nullable Woken woken;

    // Guarded by this.
    private @Nullable Thread thread;
    private @Nullable CompletionStage<?> stage;
    private boolean ended;
    private List<Runnable> onCancel = List.of();

    private volatile boolean stopped;

    /** Its thread's own: whether that was interrupted by somebody who did not mean this attempt. */
    private boolean interrupted;

    /** Set and read by the run's writer only: what the attempt still brings does not count. */
    private boolean abandoned;

    Attempt(Execution execution, Scope scope, int slot, JsonObject config, @Nullable Woken woken) {
        super(execution, scope);
        this.slot = slot;
        this.program = scope.program(slot);
        this.config = config;
        this.environment = scope.environment().frozen(slot);
        this.number = scope.machine().attempt(slot);
        this.woken = woken;
    }

    // ---------------------------------------------------------------- on the attempt's thread

    @Override
    public void run() {
        StoredRun stored = execution.stored();
        // Here and not sooner, because nothing may happen between the look and the beginning that takes time.
        if (stored != null && !execution.runtime().mayStart(stored)) {
            execution.runtime().drop(execution);
            execution.post(new Event.TimeCame());
            return;
        }
        if (!enter()) {
            leave();
            end(null, new CancellationException("cancelled before it began"));
            return;
        }
        NodeResult result = null;
        Throwable thrown = null;
        try {
            result = prepared(program.executor().execute(program.node(), this));
        } catch (Throwable e) {
            thrown = e;
            interrupted = e instanceof InterruptedException && !stopped;
        } finally {
            leave();
        }
        if (result instanceof NodeResult.Asynchronous asynchronous) {
            follow(asynchronous.stage());
        } else {
            end(result, thrown);
        }
    }

    private synchronized boolean enter() {
        thread = Thread.currentThread();
        return !stopped;
    }

    /** From here on nobody interrupts this thread for this attempt, and what the node left of a flag is cleared. */
    private synchronized void leave() {
        thread = null;
        interrupted |= Thread.interrupted() && !stopped;
    }

    /** Whether its thread was interrupted by somebody who did not mean this attempt. Afterwards, on that thread. */
    boolean wasInterrupted() {
        return interrupted;
    }

    /** Converts the output here, so that a large one does not hold up the run. */
    private @Nullable NodeResult prepared(@Nullable NodeResult result) {
        if (result instanceof NodeResult.Completed done) {
            Object value = Json.of(done.output(), execution.runtime().limits());
            return value == done.output() ? done : new NodeResult.Completed(value, done.handles(), done.variables());
        }
        return result;
    }

    /** Waits for a stage without a thread. */
    void follow(CompletionStage<?> work) {
        synchronized (this) {
            stage = work;
        }
        try {
            work.whenComplete(this::stageEnded);
        } catch (RuntimeException e) {
            end(null, e);
        }
        if (stopped) {
            stop();
        }
    }

    private void stageEnded(@Nullable Object value, @Nullable Throwable thrown) {
        if (thrown != null) {
            end(null, thrown);
            return;
        }
        try {
            NodeResult result = value instanceof NodeResult ready ? ready : NodeResult.completed(value);
            if (result instanceof NodeResult.Asynchronous next) {
                follow(next.stage());
            } else {
                end(prepared(result), null);
            }
        } catch (Throwable e) {
            end(null, e);
        }
    }

    private void end(@Nullable NodeResult result, @Nullable Throwable thrown) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            stage = null;
        }
        execution.post(new Event.AttemptEnded(this, result, thrown, execution.elapsed()));
    }

    // ---------------------------------------------------------------- on the run's writer

    /** Begins on a thread of its own. */
    void start() {
        start(execution.runtime().workers());
    }

    /** Begins, or fails if that gives it no thread. */
    void start(Executor threads) {
        try {
            threads.execute(this);
        } catch (RuntimeException | OutOfMemoryError e) {
            end(
                    null,
                    new RetriableException(
                            "overload", "No thread could be started for node '" + nodeId() + "'", null, e));
        }
    }

    /** Asks the attempt to end. */
    void stop() {
        stopped = true;
        CompletionStage<?> running;
        List<Runnable> actions;
        synchronized (this) {
            if (thread != null) {
                thread.interrupt();
            }
            running = stage;
            actions = onCancel;
            onCancel = List.of();
        }
        actions.forEach(this::close);
        if (running != null) {
            cancel(running);
        }
    }

    /** A stage may refuse to be cancelled; then the grace period ends the attempt. */
    private void cancel(CompletionStage<?> running) {
        try {
            running.toCompletableFuture().cancel(true);
        } catch (RuntimeException e) {
            LOG.debug("The stage of node '{}' cannot be cancelled", nodeId(), e);
        }
    }

    private void close(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("What node '{}' does when it is cancelled failed", nodeId(), e);
        }
    }

    void abandon() {
        abandoned = true;
    }

    /** Whether its thread, or the stage that it waits for, still goes on. */
    synchronized boolean isOnThread() {
        return thread != null || stage != null;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    // ---------------------------------------------------------------- what the executor sees

    @Override
    int slot() {
        return slot;
    }

    @Override
    NodeProgram program() {
        return program;
    }

    @Override
    RunEnvironment environment() {
        return environment;
    }

    @Override
    @Nullable
    Woken woken() {
        return woken;
    }

    @Override
    public JsonObject config() {
        return config;
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public boolean isCancelled() {
        return stopped;
    }

    @Override
    public Runnable onCancel(Runnable action) {
        boolean asked;
        synchronized (this) {
            // Whoever sets the flag takes the actions under this lock afterwards, so that each runs once.
            asked = stopped;
            if (!asked) {
                List<Runnable> more = new ArrayList<>(onCancel);
                more.add(action);
                onCancel = more;
            }
        }
        if (asked) {
            close(action);
        }
        return () -> withdraw(action);
    }

    private synchronized void withdraw(Runnable action) {
        List<Runnable> rest = new ArrayList<>(onCancel);
        rest.remove(action);
        onCancel = rest;
    }

    @Override
    public BinaryRef storeBlob(String name, String mediaType, InputStream content) throws IOException {
        if (execution.status().isEnded()) {
            throw new CancellationException("The run has ended, so it keeps no file '" + name + "'");
        }
        execution.keepsBlobs();
        return execution.runtime().blobs().put(tenant(), executionId(), name, mediaType, content);
    }

    @Override
    public InputStream openBlob(BinaryRef file) throws IOException {
        return execution.runtime().blobs().open(tenant(), file);
    }

    @Override
    public SignalReceipt signal(String executionId, String name, @Nullable Object data) {
        if (program.inline()) {
            throw InlineCall.mustNotWait(nodeId());
        }
        return execution
                .runtime()
                .handle(tenant(), executionId)
                .map(run -> run.signal(name, idempotencyKey() + "/" + name, data))
                .orElse(SignalReceipt.ENDED);
    }

    @Override
    public SignalReceipt signalByKey(String name, String key, @Nullable Object data) {
        if (program.inline()) {
            throw InlineCall.mustNotWait(nodeId());
        }
        return execution.runtime().signal(tenant(), name, key, idempotencyKey() + "/" + name, data);
    }

    @Override
    public Wake child(String name, String workflow, @Nullable Integer version, @Nullable Object input) {
        if (program.inline()) {
            throw InlineCall.mustNotWait(nodeId());
        }
        String key = idempotencyKey() + "/" + number + "/" + name;
        return execution.runtime().children().prepare(execution, key, workflow, version, input);
    }

    @Override
    public @Nullable Object transaction(String name, DataSource source, TransactionalWork work) throws Exception {
        if (program.inline()) {
            throw InlineCall.mustNotWait(nodeId());
        }
        String key = tenant() + "/" + idempotencyKey() + "/" + name;
        return new TransactionalStep(source, key, execution.runtime().limits()).run(work);
    }

    @Override
    public @Nullable Object once(String name, Supplier<? extends @Nullable Object> supplier) {
        if (program.inline()) {
            throw InlineCall.mustNotWait(nodeId());
        }
        return execution.nodeRuns().onceValues().get(this, name, supplier);
    }
}
