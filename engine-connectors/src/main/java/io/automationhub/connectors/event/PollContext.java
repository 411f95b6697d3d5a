package io.automationhub.connectors.event;

import io.automationhub.engine.WorkflowEngine;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operation sees that is asked outside of a run. For use by one thread. */
final class PollContext implements ExecutionContext {

    private static final Logger LOG = LoggerFactory.getLogger(PollContext.class);

    private final WorkflowEngine engine;
    private final String tenant;
    private final String workflow;
    private final String node;
    private final JsonObject config;
    private final Instant now;
    private final Map<String, Optional<Object>> once = new HashMap<>();

    PollContext(WorkflowEngine engine, String tenant, String workflow, String node, JsonObject config, Instant now) {
        this.engine = engine;
        this.tenant = tenant;
        this.workflow = workflow;
        this.node = node;
        this.config = config;
        this.now = now;
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
                    ExecutionError.KIND_CONFIG, "The config of node '" + node + "' has no '" + field + "'", null);
        }
        return Json.toText(value);
    }

    @Override
    public BinaryRef storeBlob(String name, String mediaType, InputStream content) throws IOException {
        return engine.storeBlob(name, mediaType, content);
    }

    @Override
    public InputStream openBlob(BinaryRef file) throws IOException {
        return engine.openBlob(file);
    }

    @Override
    public JsonLimits limits() {
        return JsonLimits.DEFAULT;
    }

    @Override
    public @Nullable Object once(String name, Supplier<? extends @Nullable Object> supplier) {
        Optional<Object> known = once.get(name);
        if (known == null) {
            known = Optional.ofNullable(Json.of(supplier.get()));
            once.put(name, known);
        }
        return known.orElse(null);
    }

    @Override
    public String tenant() {
        return tenant;
    }

    @Override
    public String workflowId() {
        return workflow;
    }

    @Override
    public String nodeId() {
        return node;
    }

    @Override
    public String executionId() {
        return "poll";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public String idempotencyKey() {
        return workflow + "/" + node + "/" + now;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Optional<Woken> wake() {
        return Optional.empty();
    }

    @Override
    public boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
    }

    @Override
    public Runnable onCancel(Runnable action) {
        return () -> {};
    }

    @Override
    public void log(WorkflowLog.Level level, String message) {
        LOG.info("{} of workflow '{}': {}", node, workflow, message);
    }

    // ---------------------------------------------------------------- what only a run has

    @Override
    public @Nullable Object input() {
        return null;
    }

    @Override
    public @Nullable Object previous() {
        return null;
    }

    @Override
    public @Nullable Object variable(String name) {
        return null;
    }

    @Override
    public @Nullable Object evaluate(Object... path) {
        throw onlyInARun();
    }

    @Override
    public ItemFunction each(Object... path) {
        throw onlyInARun();
    }

    @Override
    public @Nullable Object transaction(String name, DataSource source, TransactionalWork work) {
        throw onlyInARun();
    }

    @Override
    public SignalReceipt signal(String executionId, String name, @Nullable Object data) {
        throw onlyInARun();
    }

    @Override
    public SignalReceipt signalByKey(String name, String key, @Nullable Object data) {
        throw onlyInARun();
    }

    @Override
    public Wake child(String name, String child, @Nullable Integer version, @Nullable Object input) {
        throw onlyInARun();
    }

    private static UnsupportedOperationException onlyInARun() {
        return new UnsupportedOperationException("Only a node of a run can do this");
    }
}
