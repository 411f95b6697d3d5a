package io.automationhub.ai.node;

import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;

/** The schemas of the node types, in resources: each has what is its own, and what all have in common. */
final class NodeSchemas {

    private NodeSchemas() {}

    /** What may be configured of a type. */
    static JsonObject config(String type) {
        JsonObject own = Schemas.resource(NodeSchemas.class, type + ".config.json");
        JsonObject.Builder properties = Json.object(own.get("properties")).toBuilder();
        Json.object(Schemas.resource(NodeSchemas.class, "ai.common.config.json").get("properties"))
                .forEach(properties::put);
        return own.with("properties", properties.build());
    }

    /** What a call of a model gives, with one more field. */
    static JsonObject answer(String field, JsonObject schema) {
        return with(Schemas.resource(NodeSchemas.class, "ai.prompt.answer.json"), field, schema);
    }

    /** What an agent gives: what a call of a model does, and what it did. */
    static JsonObject agent() {
        JsonObject agent = Schemas.resource(NodeSchemas.class, "ai.prompt.answer.json");
        JsonObject own = Json.object(
                Schemas.resource(NodeSchemas.class, "ai.agent.answer.json").get("properties"));
        for (String field : own.keySet()) {
            agent = with(agent, field, Json.object(own.get(field)));
        }
        return agent;
    }

    static JsonObject with(JsonObject answer, String field, JsonObject schema) {
        return answer.with("properties", Json.object(answer.get("properties")).with(field, schema));
    }
}
