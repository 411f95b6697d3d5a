package io.automationhub.ai.agent;

import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The definition of an agent. Immutable; {@link AgentOrchestrator#create} keeps it.
 *
 * @param id by which it is asked: letters, digits, {@code .}, {@code _} and {@code -}, at most 100
 * @param type what it is for
 * @param name what people call it
 * @param description what it does
 * @param model that answers
 * @param fallback models that are asked in this order when the one before cannot answer
 * @param instructions what it is to be and do: a template, in which {@code vars.name} is the parameter of that name
 * @param parameters the JSON Schema of an object: what can be set for each task, with defaults
 * @param tools what it may call, as the node {@code ai.agent} takes it
 * @param limits what it may use, and how it is bounded: {@code maxTurns}, {@code maxTokens}, {@code budget} and the like, as the node
 *     {@code ai.agent} takes them, and {@code timeout} for the whole of a task
 * @param output the JSON Schema of its answers; null for text
 * @param memory how much it is told of a conversation: {@code maxMessages}, {@code maxTokens}, {@code summary}
 * @param version counted by {@link AgentOrchestrator}; 0 if it is not kept yet
 * @param enabled whether it may be asked
 */
public record AIAgent(
        String id,
        AgentType type,
        String name,
        String description,
        ModelChoice model,
        List<ModelChoice> fallback,
        String instructions,
        JsonObject parameters,
        JsonArray tools,
        JsonObject limits,
        @Nullable JsonObject output,
        JsonObject memory,
        int version,
        boolean enabled) {

    private static final Set<String> FIELDS = Set.of(
            "id",
            "type",
            "name",
            "description",
            "model",
            "fallback",
            "instructions",
            "parameters",
            "tools",
            "limits",
            "output",
            "memory",
            "version",
            "enabled");

    /** @throws IllegalArgumentException if the id is none, or there are no instructions */
    public AIAgent {
        if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "The id of an agent has 1 to 100 letters, digits, '.', '_' and '-', found '" + id + "'");
        }
        if (instructions.isBlank()) {
            throw new IllegalArgumentException("The agent '" + id + "' has no instructions; say what it is to do");
        }
        fallback = List.copyOf(fallback);
    }

    /** An agent that does what its instructions say, without parameters or tools. */
    public static AIAgent custom(String id, ModelChoice model, String instructions) {
        return preset(AgentType.CUSTOM, id, model)
                .withInstructions(instructions)
                .withParameters(JsonObject.EMPTY)
                .withTools(JsonArray.EMPTY)
                .withOutput(null);
    }

    /** An agent of a type as the library has it: with instructions, parameters, tools, limits, and a schema of its answers. */
    public static AIAgent preset(AgentType type, String id, ModelChoice model) {
        JsonObject preset = presetFile(type);
        return of(preset.with("id", id).with("model", model.toJson()));
    }

    private static JsonObject presetFile(AgentType type) {
        JsonObject file = Schemas.resource(AIAgent.class, type.text() + ".json");
        JsonObject.Builder definition = JsonObject.builder().put("type", type.text());
        file.forEach((field, value) -> {
            if (!field.equals("example")) {
                definition.put(field, value);
            }
        });
        return definition.build();
    }

    /** A task for the preset of a type: {@code {message, parameters}}. */
    public static JsonObject example(AgentType type) {
        return Json.object(
                Schemas.resource(AIAgent.class, type.text() + ".json").get("example"));
    }

    /**
     * The agent that {@link #toJson} wrote, or somebody by hand. {@code type} is {@code custom} if absent, and {@code preset: true}
     * takes from the preset of the type what is not said.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static AIAgent of(JsonObject given) {
        JsonObject json = given;
        AgentType type = AgentType.of(given.containsKey("type") ? Json.toText(given.get("type")) : "custom");
        if (Boolean.TRUE.equals(given.get("preset"))) {
            json = presetFile(type);
            for (String field : given.keySet()) {
                json = json.with(field, given.get(field));
            }
        }
        Set<String> unknown = new LinkedHashSet<>(json.keySet());
        unknown.removeAll(FIELDS);
        unknown.remove("preset");
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("An agent has no field '" + String.join("', '", unknown) + "'; it has "
                    + String.join(", ", FIELDS.stream().sorted().toList()));
        }
        String id = Json.toText(json.get("id"));
        return new AIAgent(
                id,
                type,
                json.get("name") == null ? id : Json.toText(json.get("name")),
                Json.toText(json.get("description")),
                ModelChoice.of(object(json, "model")),
                choices(json),
                Json.toText(json.get("instructions")),
                object(json, "parameters"),
                json.get("tools") instanceof JsonArray tools ? tools : JsonArray.EMPTY,
                object(json, "limits"),
                json.get("output") == null ? null : object(json, "output"),
                object(json, "memory"),
                json.get("version") instanceof Long version ? Math.toIntExact(version) : 0,
                !Boolean.FALSE.equals(json.get("enabled")));
    }

    private static List<ModelChoice> choices(JsonObject json) {
        List<ModelChoice> choices = new ArrayList<>();
        if (json.get("fallback") instanceof JsonArray list) {
            list.forEach(each -> choices.add(ModelChoice.of(Json.object(each))));
        }
        return choices;
    }

    private static JsonObject object(JsonObject json, String field) {
        Object value = json.get(field);
        if (value != null && !(value instanceof JsonObject)) {
            throw new IllegalArgumentException(
                    "The field '" + field + "' of an agent is an object, found " + Json.typeName(value));
        }
        return value == null ? JsonObject.EMPTY : (JsonObject) value;
    }

    /** As it is kept, and stands in files. */
    public JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder()
                .put("id", id)
                .put("type", type.text())
                .put("name", name)
                .put("description", description)
                .put("model", model.toJson())
                .put("fallback", JsonArray.of(fallback, ModelChoice::toJson))
                .put("instructions", instructions)
                .put("parameters", parameters)
                .put("tools", tools)
                .put("limits", limits);
        if (output != null) {
            json.put("output", output);
        }
        return json.put("memory", memory)
                .put("version", version)
                .put("enabled", enabled)
                .build();
    }

    /** The id of the workflow that runs it, by which nodes call it as well. */
    public String workflowId() {
        return AgentWorkflow.id(id);
    }

    /** The workflow that runs it: its input is {@code {message, conversation, parameters, files}}. */
    public Workflow workflow() {
        return AgentWorkflow.of(this);
    }

    // ---------------------------------------------------------------- variations

    private AIAgent with(String field, @Nullable Object value) {
        return of(toJson().with(field, value));
    }

    /** With another name. */
    public AIAgent withName(String other) {
        return with("name", other);
    }

    /** Asking another model. */
    public AIAgent withModel(ModelChoice other) {
        return with("model", other.toJson());
    }

    /** With models that are asked when the one before cannot answer. */
    public AIAgent withFallback(List<ModelChoice> others) {
        return with("fallback", JsonArray.of(others, ModelChoice::toJson));
    }

    /** With other instructions. */
    public AIAgent withInstructions(String other) {
        return with("instructions", other);
    }

    /** With other parameters. */
    public AIAgent withParameters(JsonObject schema) {
        return with("parameters", schema);
    }

    /** With other tools. */
    public AIAgent withTools(List<?> others) {
        return with("tools", Json.of(others));
    }

    /** With other limits. */
    public AIAgent withLimits(JsonObject others) {
        return with("limits", others);
    }

    /** With another schema of its answers; null for text. */
    public AIAgent withOutput(@Nullable JsonObject schema) {
        return with("output", schema);
    }

    /** Remembering otherwise. */
    public AIAgent withMemory(JsonObject other) {
        return with("memory", other);
    }

    AIAgent withVersion(int number) {
        return with("version", number);
    }

    AIAgent withEnabled(boolean may) {
        return with("enabled", may);
    }
}
