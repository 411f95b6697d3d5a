package io.automationhub.connectors.connector;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import java.time.Duration;
import java.util.List;

/**
 * Something that is found by asking an operation for a list from time to time.
 *
 * @param id the second part of its name
 * @param title what people call it
 * @param description what it is; empty if nothing is said
 * @param operation the id of the operation that gives the list
 * @param config what that operation is always given
 * @param items the pointer (RFC 6901) to the list in the operation's output
 * @param key the pointers to what tells an event from others in its item; one or more
 * @param sinceField the field of the operation that takes how far was read; empty if none does
 * @param sinceValue the pointer to that in an item
 * @param newestFirst whether the list has the newest first
 * @param every how long to wait between two times, if the trigger does not say it
 */
public record ListedEvents(
        String id,
        String title,
        String description,
        String operation,
        JsonObject config,
        String items,
        List<String> key,
        String sinceField,
        String sinceValue,
        boolean newestFirst,
        Duration every)
        implements EventSource {

    /** The schema of a trigger's field {@code every}. */
    public static final JsonObject EVERY = JsonObject.of("x-format", "duration")
            .with("x-content", "literal")
            .with("description", "How long to wait between two times of asking, as 5m.");

    private static final String USUAL = "1m";

    static ListedEvents of(JsonObject json) {
        Part part = new Part(json);
        Part since = new Part(part.object("since"));
        return new ListedEvents(
                part.text("id"),
                part.textOr("title", part.text("id")),
                part.textOr("description", ""),
                part.text("operation"),
                part.object("config"),
                part.textOr("items", ""),
                json.get("key") instanceof String one ? List.of(one) : part.texts("key"),
                since.textOr("field", ""),
                since.textOr("value", ""),
                part.flag("newestFirst"),
                DurationText.parse(part.textOr("every", USUAL)));
    }
}
