package io.automationhub.engine.nodes;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration schemas of the built-in nodes, written as JSON with single quotes. */
final class ConfigSchemas {

    private ConfigSchemas() {}

    /** The schema that {@code json} writes. */
    static JsonObject of(String json) {
        return Json.object(Json.parse(json.replace('\'', '"')));
    }

    /** The schema of an object that has the fields of {@code fields}; of anything, if that is no object. */
    static JsonObject objectWith(@Nullable Object fields) {
        if (!(fields instanceof JsonObject object)) {
            return JsonObject.EMPTY;
        }
        JsonObject.Builder properties = JsonObject.builder();
        object.keySet().forEach(name -> properties.put(name, JsonObject.EMPTY));
        return JsonObject.builder()
                .put("type", "object")
                .put("properties", properties.build())
                .put("additionalProperties", false)
                .build();
    }

    /** Two fields of which a configuration has one. */
    static List<Problem> exactlyOne(WorkflowNode node, String first, String second) {
        boolean hasFirst = node.config().containsKey(first);
        if (hasFirst != node.config().containsKey(second)) {
            return List.of();
        }
        return List.of(Problem.of(
                ProblemCode.INVALID_CONFIG,
                "",
                node.id(),
                "The node has " + (hasFirst ? "both" : "neither") + " '" + first + "' " + (hasFirst ? "and" : "nor")
                        + " '" + second + "'",
                "give it exactly one of the two"));
    }
}
