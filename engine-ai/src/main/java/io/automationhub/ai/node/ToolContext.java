package io.automationhub.ai.node;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.TransactionalWork;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a node sees that is a tool of an agent: the run of the agent, with a configuration of its own, and with names for what it keeps
 * that no other call has.
 */
final class ToolContext implements ExecutionContext {

    private final ExecutionContext agent;
    private final String name;
    private final JsonObject config;
    private final JsonObject arguments;
    private final Optional<Woken> woken;

    /**
     * The circumstances of one call.
     *
     * @param name of the call, which no other of the agent has
     * @param woken what ended the wait of this call; empty if it has not been waiting
     */
    ToolContext(ExecutionContext agent, String name, JsonObject config, JsonObject arguments, Optional<Woken> woken) {
        this.agent = agent;
        this.name = name;
        this.config = config;
        this.arguments = arguments;
        this.woken = woken;
    }

    private String own(String part) {
        return name + "/" + part;
    }

    @Override
    public JsonObject config() {
        return config;
    }

    @Override
    public String text(String field) {
        Object value = config.get(field);
        if (value == null) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG, "The tool needs '" + field + "', which is absent or null", null);
        }
        return Json.toText(value);
    }

    /** Nodes that evaluate parts of their configuration themselves are no tools; see {@link AgentTools}. */
    @Override
    public @Nullable Object evaluate(Object... path) {
        throw noExpressions();
    }

    @Override
    public ItemFunction each(Object... path) {
        throw noExpressions();
    }

    private static NonRetriableException noExpressions() {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG, "A node that is a tool has no expressions of its own", null);
    }

    @Override
    public BinaryRef storeBlob(String fileName, String mediaType, InputStream content) throws IOException {
        return agent.storeBlob(fileName, mediaType, content);
    }

    @Override
    public InputStream openBlob(BinaryRef file) throws IOException {
        return agent.openBlob(file);
    }

    @Override
    public JsonLimits limits() {
        return agent.limits();
    }

    @Override
    public @Nullable Object input() {
        return agent.input();
    }

    @Override
    public Object previous() {
        return arguments;
    }

    @Override
    public @Nullable Object variable(String variable) {
        return agent.variable(variable);
    }

    @Override
    public String executionId() {
        return agent.executionId();
    }

    @Override
    public String workflowId() {
        return agent.workflowId();
    }

    @Override
    public String tenant() {
        return agent.tenant();
    }

    @Override
    public String nodeId() {
        return agent.nodeId();
    }

    @Override
    public int attempt() {
        return agent.attempt();
    }

    @Override
    public String idempotencyKey() {
        return agent.idempotencyKey() + "/" + name;
    }

    @Override
    public Instant now() {
        return agent.now();
    }

    @Override
    public Optional<Woken> wake() {
        return woken;
    }

    @Override
    public boolean isCancelled() {
        return agent.isCancelled();
    }

    @Override
    public Runnable onCancel(Runnable action) {
        return agent.onCancel(action);
    }

    @Override
    public @Nullable Object once(String part, Supplier<? extends @Nullable Object> supplier) {
        return agent.once(own(part), supplier);
    }

    @Override
    public @Nullable Object transaction(String part, DataSource source, TransactionalWork work) throws Exception {
        return agent.transaction(own(part), source, work);
    }

    /** A signal has the name of its node run, and two calls of one agent would send the same one. */
    @Override
    public SignalReceipt signal(String executionId, String signal, @Nullable Object data) {
        throw noSignals();
    }

    @Override
    public SignalReceipt signalByKey(String signal, String key, @Nullable Object data) {
        throw noSignals();
    }

    private static NonRetriableException noSignals() {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG,
                "A node that is a tool sends no signals; make a workflow of it, and that the tool",
                null);
    }

    @Override
    public Wake child(String part, String workflow, @Nullable Integer version, @Nullable Object input) {
        return agent.child(own(part), workflow, version, input);
    }

    @Override
    public void log(WorkflowLog.Level level, String message) {
        agent.log(level, message);
    }
}
