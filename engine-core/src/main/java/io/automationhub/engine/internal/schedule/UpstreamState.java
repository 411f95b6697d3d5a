package io.automationhub.engine.internal.schedule;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which ends of other workflows' runs a schedule has heard of.
 *
 * @param since all ends before have been heard of
 * @param seen those that have, after that: execution to its end
 * @param last the last firing, or the beginning: no two have the same instant, for it is in the key of their runs
 * @param open the last end of each workflow that has not led to a firing yet: workflow to that end
 */
record UpstreamState(Instant since, Map<String, Instant> seen, Instant last, Map<String, Completion> open) {

    UpstreamState {
        seen = Map.copyOf(seen);
        open = Map.copyOf(open);
    }

    static UpstreamState begin(Instant now) {
        return new UpstreamState(now, Map.of(), now.minusNanos(1000), Map.of());
    }

    JsonObject toJson() {
        JsonObject.Builder heard = JsonObject.builder();
        seen.forEach((execution, at) -> heard.put(execution, at.toString()));
        List<JsonObject> waiting = new ArrayList<>();
        open.values().forEach(each -> waiting.add(json(each)));
        return JsonObject.of("since", since.toString())
                .with("seen", heard.build())
                .with("last", last.toString())
                .with("open", waiting);
    }

    static JsonObject json(Completion completion) {
        return JsonObject.builder()
                .put("workflow", completion.workflow())
                .put("execution", completion.execution())
                .put("endedAt", completion.at().toString())
                .put("succeeded", completion.succeeded())
                .build();
    }

    static @Nullable UpstreamState of(@Nullable Object value) {
        if (!(value instanceof JsonObject json)) {
            return null;
        }
        Map<String, Instant> seen = new LinkedHashMap<>();
        ((JsonObject) Objects.requireNonNull(json.get("seen")))
                .forEach((execution, at) -> seen.put(execution, Instant.parse(String.valueOf(at))));
        Map<String, Completion> open = new LinkedHashMap<>();
        for (Object each : (JsonArray) Objects.requireNonNull(json.get("open"))) {
            JsonObject one = (JsonObject) Objects.requireNonNull(each);
            String workflow = String.valueOf(one.get("workflow"));
            open.put(
                    workflow,
                    new Completion(
                            workflow,
                            String.valueOf(one.get("execution")),
                            Instant.parse(String.valueOf(one.get("endedAt"))),
                            Boolean.TRUE.equals(one.get("succeeded"))));
        }
        return new UpstreamState(
                Instant.parse(String.valueOf(json.get("since"))),
                seen,
                Instant.parse(String.valueOf(json.get("last"))),
                open);
    }
}
