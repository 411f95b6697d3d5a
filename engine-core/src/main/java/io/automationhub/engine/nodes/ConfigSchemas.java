package io.automationhub.engine.nodes;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/** The configuration schemas of the built-in nodes, written as JSON with single quotes. */
final class ConfigSchemas {

    private ConfigSchemas() {}

    /** The schema that {@code json} writes. */
    static JsonObject of(String json) {
        return Json.object(Json.parse(json.replace('\'', '"')));
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
