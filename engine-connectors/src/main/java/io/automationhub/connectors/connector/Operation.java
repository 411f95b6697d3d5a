package io.automationhub.connectors.connector;

import io.automationhub.connectors.request.StatusRule;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that a connector's system can do: a call with parameters, and what its answer means.
 *
 * @param id the second part of its node type
 * @param title what people call it
 * @param description what it does; empty if nothing is said
 * @param baseUrl where its path begins; null if that is the connection's base URL
 * @param path with a parameter as {@code {name}}
 * @param headers that it always sends
 * @param body null if it has none
 * @param statuses what is a success, and what failures mean
 * @param errors what failures mean, the operation's own rules first
 * @param pagination how to go through pages, as a node {@code http.request} has it; null if it has none
 */
public record Operation(
        String id,
        String title,
        String description,
        boolean deprecated,
        String method,
        @Nullable String baseUrl,
        String path,
        List<Parameter> parameters,
        Map<String, String> headers,
        @Nullable Body body,
        Result result,
        StatusRule statuses,
        List<ErrorRule> errors,
        @Nullable JsonObject pagination) {

    /**
     * What an operation sends.
     *
     * @param description what it is; empty if nothing is said
     * @param schema of the value in the field {@code body}
     */
    public record Body(String mediaType, boolean required, String description, JsonObject schema) {

        private static Body of(Part json) {
            return new Body(
                    json.text("mediaType"),
                    json.flag("required"),
                    json.textOr("description", ""),
                    json.object("schema"));
        }
    }

    /**
     * What an operation gives.
     *
     * @param as what becomes of the body, as in a node {@code http.request}
     * @param at the pointer to the part of the body that is the output
     * @param schema of the body
     */
    public record Result(String as, String at, JsonObject schema) {

        private static Result of(Part json) {
            return new Result(json.textOr("as", "auto"), json.textOr("at", ""), json.object("schema"));
        }
    }

    /** @param shared what failures of any operation mean */
    static Operation of(JsonObject json, List<ErrorRule> shared) {
        Part part = new Part(json);
        List<ErrorRule> errors = new ArrayList<>();
        part.objects("errors").forEach(rule -> errors.add(ErrorRule.of(rule)));
        errors.addAll(shared);
        Map<String, String> headers = new TreeMap<>();
        part.object("headers").forEach((name, value) -> headers.put(name, Json.toText(value)));
        return new Operation(
                part.text("id"),
                part.textOr("title", part.text("id")),
                part.textOr("description", ""),
                part.flag("deprecated"),
                part.text("method"),
                part.optionalText("baseUrl"),
                part.text("path"),
                part.objects("parameters").stream().map(Parameter::of).toList(),
                headers,
                json.get("body") instanceof JsonObject body ? Body.of(new Part(body)) : null,
                Result.of(new Part(part.object("result"))),
                StatusRule.of(json.get("success"), json.get("retry")).withMeanings(ErrorRule.meanings(errors)),
                List.copyOf(errors),
                json.get("pagination") instanceof JsonObject paging ? paging : null);
    }
}
