package io.automationhub.ai.memory;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is told of a conversation before it answers.
 *
 * @param summary of what was before; empty if there is none
 * @param window the exchanges that it is told word by word
 * @param fading those behind the summary that are not, and can be summed up
 */
public record History(String summary, List<Exchange> window, List<Exchange> fading) {

    /** Nothing was said. */
    public static final History NONE = new History("", List.of(), List.of());

    /** As it is kept. */
    public JsonObject toJson() {
        return JsonObject.of("summary", summary)
                .with("window", JsonArray.of(window, Exchange::toJson))
                .with("fading", JsonArray.of(fading, Exchange::toJson));
    }

    /** A history as {@link #toJson} writes it. */
    public static History of(JsonObject json) {
        return new History(Json.toText(json.get("summary")), all(json.get("window")), all(json.get("fading")));
    }

    private static List<Exchange> all(@Nullable Object list) {
        return list instanceof JsonArray array
                ? array.stream().map(Json::object).map(Exchange::of).toList()
                : List.of();
    }

    public History {
        window = List.copyOf(window);
        fading = List.copyOf(fading);
    }
}
