package io.automationhub.ai.tool;

import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What models are told of a tool, and a check of the arguments that they send.
 *
 * @param arguments the schema of the declaration, compiled
 */
public record CheckedTool(ModelTool declaration, JsonSchema arguments) {

    private static final int SHOWN = 8;

    /** @throws IllegalArgumentException if the schema is none, or not one of an object */
    public static CheckedTool of(ModelTool declaration) {
        Object type = declaration.parameters().get("type");
        if (!"object".equals(type)) {
            throw new IllegalArgumentException("The parameters of the tool '" + declaration.name()
                    + "' are a JSON Schema of the type object, found " + Json.write(type));
        }
        return new CheckedTool(declaration, JsonSchema.compileChecked(declaration.parameters()));
    }

    /** What is wrong with the arguments of a call, for the model; empty if nothing is. */
    public Optional<String> problem(Part.ToolCall call) {
        if (call.isTooLong()) {
            return Optional.of("The arguments are too long to be read; send shorter ones");
        }
        if (call.unread() != null) {
            return Optional.of("The arguments are no JSON object; send one that fits the schema of the tool");
        }
        List<JsonSchema.Violation> violations = arguments.validate(call.arguments());
        return violations.isEmpty() ? Optional.empty() : Optional.of(text(violations));
    }

    /** What is wrong with arguments, for a model. */
    public static String text(List<JsonSchema.Violation> violations) {
        return "The arguments do not fit the schema of the tool: "
                + violations.stream()
                        .limit(SHOWN)
                        .map(JsonSchema.Violation::text)
                        .collect(Collectors.joining("; "));
    }
}
