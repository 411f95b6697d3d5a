package io.automationhub.connectors.connector;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * Something that the system tells by a call of its own, which its connections sign.
 *
 * @param id the second part of its name
 * @param title what people call it
 * @param description what it is; empty if nothing is said
 * @param when what is so of a call that tells it; a call of which something is not tells something else
 * @param data the pointer (RFC 6901) to what the call tells of it, in the body
 * @param idHeader the header that tells a call from others, by lower-case name; empty if the signature does
 * @param schema of what the call tells
 */
public record CalledEvents(
        String id,
        String title,
        String description,
        List<Condition> when,
        String data,
        String idHeader,
        JsonObject schema)
        implements EventSource {

    /**
     * That a header, or a value in the body, is this.
     *
     * @param header by lower-case name; empty if it is a value in the body
     * @param at the pointer to that value
     * @param is as text
     */
    public record Condition(String header, String at, String is) {

        private static Condition of(JsonObject json) {
            Part part = new Part(json);
            return new Condition(
                    part.textOr("header", "").toLowerCase(Locale.ROOT),
                    part.textOr("at", ""),
                    Json.toText(json.get("is")));
        }
    }

    static CalledEvents of(JsonObject json) {
        Part part = new Part(json);
        Part call = new Part(part.object("call"));
        return new CalledEvents(
                part.text("id"),
                part.textOr("title", part.text("id")),
                part.textOr("description", ""),
                call.objects("when").stream().map(Condition::of).toList(),
                call.textOr("data", ""),
                call.textOr("idHeader", "").toLowerCase(Locale.ROOT),
                call.object("schema"));
    }
}
