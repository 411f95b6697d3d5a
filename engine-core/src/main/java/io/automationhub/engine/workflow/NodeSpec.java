package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node to be put into a workflow. Immutable: each method returns a new one. */
public final class NodeSpec {

    private final String id;
    private final String type;
    private final JsonObject config;
    private final JsonObject settings;
    private final @Nullable JsonObject position;

    private NodeSpec(String id, String type, JsonObject config, JsonObject settings, @Nullable JsonObject position) {
        this.id = id;
        this.type = type;
        this.config = config;
        this.settings = settings;
        this.position = position;
    }

    /** A node of any type; {@code engine.nodes.Nodes} has a method for each built-in one. */
    public static NodeSpec of(String id, String type) {
        return new NodeSpec(id, type, JsonObject.EMPTY, JsonObject.EMPTY, null);
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** Sets a field of its configuration: anything with a JSON form, templates included. */
    public NodeSpec with(String key, @Nullable Object value) {
        return new NodeSpec(id, type, config.with(key, value), settings, position);
    }

    /** Sets fields of its configuration. */
    public NodeSpec with(Map<String, ?> fields) {
        JsonObject.Builder all = config.toBuilder();
        fields.forEach(all::put);
        return new NodeSpec(id, type, all.build(), settings, position);
    }

    /** What people call it. */
    public NodeSpec label(String label) {
        return setting("label", label);
    }

    /**
     * For which version of its type it is made; 1 unless set. Only processes whose executor has that version, or a newer one,
     * run it.
     */
    public NodeSpec typeVersion(int version) {
        return setting("typeVersion", (long) version);
    }

    /** A remark for those who read the workflow. */
    public NodeSpec notes(String notes) {
        return setting("notes", notes);
    }

    /** It passes {@code previous} through instead of running. */
    public NodeSpec disabled() {
        return setting("disabled", true);
    }

    /** When it is tried again. */
    public NodeSpec retry(RetryPolicy policy) {
        return setting("retry", policy.toJson());
    }

    /** The most time one attempt may take. */
    public NodeSpec timeout(Duration timeout) {
        return setting("timeout", timeout.toString());
    }

    /** What follows its failure. */
    public NodeSpec onError(OnError policy) {
        return setting("onError", policy.name().toLowerCase(Locale.ROOT));
    }

    /** When it runs if several edges lead to it. */
    public NodeSpec join(Join join) {
        return setting("join", join.needed() == 0 ? "all" : join.needed() == 1 ? "any" : join.needed());
    }

    /** When its join fires, the nodes that lead only to it are cancelled. */
    public NodeSpec cancelRest() {
        return setting("cancelRest", true);
    }

    /** The node that undoes what this one did, if the run fails later. It is added to the workflow, and has no edges. */
    public NodeSpec compensateWith(String handler) {
        return setting("compensateWith", handler);
    }

    /** The id of the connection through which it reaches another system. */
    public NodeSpec connection(String id) {
        return setting("connection", id);
    }

    /** What becomes of an attempt that was under way when its process died. */
    public NodeSpec onCrash(OnCrash policy) {
        return setting("onCrash", policy.name().toLowerCase(Locale.ROOT));
    }

    /** Where it stands in a drawing. */
    public NodeSpec at(long x, long y) {
        JsonObject where = JsonObject.builder().put("x", x).put("y", y).build();
        return new NodeSpec(id, type, config, settings, where);
    }

    private NodeSpec setting(String key, Object value) {
        return new NodeSpec(id, type, config, settings.with(key, value), position);
    }

    JsonObject toJson(@Nullable String parentId) {
        return JsonObject.builder()
                .put("id", id)
                .put("type", type)
                .putIfPresent("parentId", parentId)
                .putIfPresent("position", position)
                .put("data", settings.with("config", config))
                .build();
    }
}
