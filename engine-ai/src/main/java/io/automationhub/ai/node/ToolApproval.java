package io.automationhub.ai.node;

import io.automationhub.ai.message.Part;
import io.automationhub.ai.tool.CheckedTool;
import io.automationhub.ai.tool.ToolOutcome;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of people before a tool is called.
 *
 * @param title null for the name of the tool
 * @param description null for the arguments alone
 * @param assignees who is asked; empty if the agent does not say
 * @param expires how long at most; null for no bound
 */
record ToolApproval(
        @Nullable String title,
        @Nullable String description,
        JsonArray assignees,
        @Nullable Duration expires) {

    private static final int MOST_SHOWN = 4_000;

    /** @param given true, or an object */
    static @Nullable ToolApproval of(@Nullable Object given) {
        if (!(given instanceof JsonObject said)) {
            return Boolean.TRUE.equals(given) ? new ToolApproval(null, null, JsonArray.EMPTY, null) : null;
        }
        return new ToolApproval(
                text(said, "title"),
                text(said, "description"),
                said.get("assignees") instanceof JsonArray list ? list : JsonArray.EMPTY,
                said.get("expires") == null ? null : DurationText.parse(said.get("expires")));
    }

    private static @Nullable String text(JsonObject said, String field) {
        return said.get(field) == null ? null : Json.toText(said.get(field));
    }

    /**
     * What is asked for one call.
     *
     * @param problem what was wrong with the arguments that somebody sent; empty if nothing
     */
    JsonObject request(Part.ToolCall call, CheckedTool checked, String problem) {
        StringBuilder text = new StringBuilder();
        if (!problem.isEmpty()) {
            text.append(problem).append('\n');
        }
        if (description != null) {
            text.append(description).append('\n');
        }
        text.append(call.name()).append(' ').append(ToolOutcome.shortened(Json.write(call.arguments()), MOST_SHOWN));
        return JsonObject.of("title", title == null ? "Call of the tool '" + call.name() + "'" : title)
                .with("description", text.toString())
                .with("assignees", assignees)
                .with(
                        "form",
                        JsonObject.of("type", "object")
                                .with(
                                        "properties",
                                        JsonObject.of(
                                                "arguments",
                                                checked.declaration().parameters())));
    }
}
