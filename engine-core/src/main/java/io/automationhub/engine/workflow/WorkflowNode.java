package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node of the graph: its part of the document, and what that part means. Immutable. */
public final class WorkflowNode {

    private final String id;
    private final String type;
    private final @Nullable String parentId;
    private final JsonObject json;
    private final JsonObject config;
    private final Map<String, WorkflowVariable> variables;
    private final NodeSettings settings;

    WorkflowNode(
            String id,
            String type,
            @Nullable String parentId,
            JsonObject json,
            JsonObject config,
            Map<String, WorkflowVariable> variables,
            NodeSettings settings) {
        this.id = id;
        this.type = type;
        this.parentId = parentId;
        this.json = json;
        this.config = config;
        this.variables = variables;
        this.settings = settings;
    }

    /** Unique in the workflow; empty if the document has none. */
    public String id() {
        return id;
    }

    /** The name under which its executor is registered; empty if the document has none. */
    public String type() {
        return type;
    }

    /** The group it stands in; null at the top. */
    public @Nullable String parentId() {
        return parentId;
    }

    /** The configuration as it is written, templates and all. */
    public JsonObject config() {
        return config;
    }

    /** The variables that each iteration of a group has for itself; empty for a node that is no group. */
    public Map<String, WorkflowVariable> variables() {
        return variables;
    }

    /** The node as the document has it, layout and unknown fields included. */
    public JsonObject json() {
        return json;
    }

    /** What people call it: its label, or its id. */
    public String label() {
        return settings.label() == null ? id : settings.label();
    }

    /** For which version of its type it was made; 1 unless the document says. */
    public int typeVersion() {
        return settings.typeVersion();
    }

    /** The id of the connection through which it reaches another system; null if it names none. */
    public @Nullable String connection() {
        return settings.connection();
    }

    /** Whether it passes {@code previous} through instead of running. */
    public boolean isDisabled() {
        return settings.disabled();
    }

    /** When it is tried again. */
    public RetryPolicy retry() {
        return settings.retry();
    }

    /** The most time one attempt may take; null for no bound. */
    public @Nullable Duration timeout() {
        return settings.timeout();
    }

    /** What follows its failure; null if the document does not say. */
    public @Nullable OnError onError() {
        return settings.onError();
    }

    /** When it runs if several edges lead to it. */
    public Join join() {
        return settings.join();
    }

    /** Whether, when its join fires, the nodes that lead only to it are cancelled. */
    public boolean cancelRest() {
        return settings.cancelRest();
    }

    /** The node that undoes what this one did; null if none does. */
    public @Nullable String compensateWith() {
        return settings.compensateWith();
    }

    /** What becomes of an attempt that was under way when its process died. */
    public OnCrash onCrash() {
        return settings.onCrash();
    }

    /** Equal by document. */
    @Override
    public boolean equals(Object other) {
        return other instanceof WorkflowNode that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, type);
    }

    @Override
    public String toString() {
        return "WorkflowNode[" + id + ": " + type + "]";
    }
}
