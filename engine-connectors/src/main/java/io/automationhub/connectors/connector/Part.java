package io.automationhub.connectors.connector;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a connector's file, after its form was checked. */
record Part(JsonObject json) {

    /** A text that the form demands. */
    String text(String field) {
        return Json.toText(json.get(field));
    }

    String textOr(String field, String otherwise) {
        return json.get(field) instanceof String text ? text : otherwise;
    }

    @Nullable
    String optionalText(String field) {
        return json.get(field) instanceof String text ? text : null;
    }

    boolean flag(String field) {
        return Boolean.TRUE.equals(json.get(field));
    }

    JsonObject object(String field) {
        return json.get(field) instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    List<String> texts(String field) {
        return list(field).stream().map(Json::toText).toList();
    }

    List<JsonObject> objects(String field) {
        return list(field).stream().map(Json::object).toList();
    }

    private JsonArray list(String field) {
        return json.get(field) instanceof JsonArray list ? list : JsonArray.EMPTY;
    }
}
