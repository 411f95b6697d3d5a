package io.automationhub.engine.node;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowEdge;
import java.util.List;

/**
 * What an editor, the validator and the documentation know about a type of node.
 *
 * @param name what people call it
 * @param category under which it stands in a palette
 * @param description what it does, in a sentence
 * @param icon the key of its picture
 * @param handles the handles by which it can go on, without {@code error}, which every node has
 * @param configSchema the JSON Schema of its configuration. Beside JSON Schema's own keywords it may have
 *     {@code x-content} ({@code literal}, {@code template}, {@code expression}) and {@code x-lazy}; see
 *     {@link io.automationhub.engine.expression.ValueTemplate}
 * @param outputSchema the JSON Schema of its output; the empty object if nothing is known of it
 * @param traits how it behaves
 * @param version the newest version of the type that the executor knows; it runs nodes of this one and of those before, and
 *     finds which by {@link io.automationhub.engine.workflow.WorkflowNode#typeVersion}
 */
public record NodeMetadata(
        String name,
        String category,
        String description,
        String icon,
        List<String> handles,
        JsonObject configSchema,
        JsonObject outputSchema,
        NodeTraits traits,
        int version) {

    /** A host's own node: one handle, any configuration, with effects and blocking. */
    public static final NodeMetadata HOST = new NodeMetadata(
            "Host node",
            "host",
            "A node of the host application.",
            "code",
            List.of(WorkflowEdge.OUT),
            JsonObject.EMPTY,
            NodeTraits.EFFECTFUL_BLOCKING);

    /** The first version of a type of whose output nothing is known. */
    public NodeMetadata(
            String name,
            String category,
            String description,
            String icon,
            List<String> handles,
            JsonObject configSchema,
            NodeTraits traits) {
        this(name, category, description, icon, handles, configSchema, JsonObject.EMPTY, traits, 1);
    }

    public NodeMetadata {
        if (version < 1) {
            throw new IllegalArgumentException("The versions of a node type begin with 1, found " + version);
        }
        handles = List.copyOf(handles);
    }

    /** This description with other traits. */
    public NodeMetadata withTraits(NodeTraits other) {
        return new NodeMetadata(name, category, description, icon, handles, configSchema, outputSchema, other, version);
    }

    /** This description with other handles. */
    public NodeMetadata withHandles(String... others) {
        return new NodeMetadata(
                name, category, description, icon, List.of(others), configSchema, outputSchema, traits, version);
    }

    /** This description with the schema of the output. */
    public NodeMetadata withOutputSchema(JsonObject schema) {
        return new NodeMetadata(name, category, description, icon, handles, configSchema, schema, traits, version);
    }

    /** This description with another newest version. */
    public NodeMetadata withVersion(int newest) {
        return new NodeMetadata(name, category, description, icon, handles, configSchema, outputSchema, traits, newest);
    }
}
