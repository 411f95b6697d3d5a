package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.TransactionalWork;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.JsonObject;
import java.io.InputStream;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A call on the run's own thread. One object serves all inline calls of a scope, one after the other. */
final class InlineCall extends CallContext {

    private NodeProgram program;
    private JsonObject config = JsonObject.EMPTY;
    private int slot;

    InlineCall(Execution execution, Scope scope, NodeProgram first) {
        super(execution, scope);
        this.program = first;
    }

    InlineCall at(int nodeSlot, NodeProgram nodeProgram, JsonObject rendered) {
        slot = nodeSlot;
        program = nodeProgram;
        config = rendered;
        return this;
    }

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
        return scope.environment().at(slot);
    }

    @Override
    @Nullable
    Woken woken() {
        return execution.waitingNodes().woken(scope, slot);
    }

    @Override
    public JsonObject config() {
        return config;
    }

    @Override
    public int attempt() {
        return scope.machine().attempt(slot);
    }

    @Override
    public boolean isCancelled() {
        return scope.machine().isEnding();
    }

    @Override
    public BinaryRef storeBlob(String name, String mediaType, InputStream content) {
        throw mustNotWait(nodeId());
    }

    @Override
    public InputStream openBlob(BinaryRef file) {
        throw mustNotWait(nodeId());
    }

    @Override
    public @Nullable Object transaction(String name, DataSource source, TransactionalWork work) {
        throw mustNotWait(nodeId());
    }

    @Override
    public Runnable onCancel(Runnable action) {
        throw mustNotWait(nodeId());
    }

    @Override
    public @Nullable Object once(String name, Supplier<? extends @Nullable Object> supplier) {
        throw mustNotWait(nodeId());
    }

    @Override
    public SignalReceipt signal(String executionId, String name, @Nullable Object data) {
        throw mustNotWait(nodeId());
    }

    @Override
    public SignalReceipt signalByKey(String name, String key, @Nullable Object data) {
        throw mustNotWait(nodeId());
    }

    @Override
    public Wake child(String name, String workflow, @Nullable Integer version, @Nullable Object input) {
        throw mustNotWait(nodeId());
    }

    static IllegalStateException mustNotWait(String node) {
        return new IllegalStateException("The node '" + node
                + "' is inline and must not wait for a store or another run; declare its type as blocking to use once(),"
                + " signal(), signalByKey(), child(), onCancel(), storeBlob() or openBlob()");
    }
}
