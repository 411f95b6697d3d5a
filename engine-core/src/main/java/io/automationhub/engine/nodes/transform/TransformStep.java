package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.value.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of a transform, written in Java: {@code step("filter").with("when", "item.total > 10")}. Immutable. {@code
 * docs/nodes/transform.md} lists the operations and their fields.
 *
 * @param config the step as it stands in a workflow file
 */
public record TransformStep(JsonObject config) {

    /** A step that does this. */
    public static TransformStep step(String operation) {
        return new TransformStep(JsonObject.of("op", operation));
    }

    /** This step with a field of its configuration. */
    public TransformStep with(String field, @Nullable Object value) {
        return new TransformStep(config.with(field, value));
    }

    /** This step with several fields of its configuration. */
    public TransformStep with(Map<String, ?> fields) {
        JsonObject.Builder all = config.toBuilder();
        fields.forEach(all::put);
        return new TransformStep(all.build());
    }
}
