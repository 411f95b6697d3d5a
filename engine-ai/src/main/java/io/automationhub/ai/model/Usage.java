package io.automationhub.ai.model;

import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a call used, in tokens, counted alike for all providers: what was read from or written to a cache is a part of the input,
 * and what a model thought is a part of the output.
 *
 * @param input all that the model read
 * @param cacheRead how much of the input came from a cache
 * @param cacheWrite how much of the input was put into a cache, by how long it stays there ({@code 5m}, {@code 1h}); under the
 *     empty text what stays as long as the provider likes
 * @param output all that the model wrote
 * @param reasoning how much of the output was thought and not said
 * @param estimated whether this is a guess, because the provider's own count is missing
 */
public record Usage(
        long input, long cacheRead, Map<String, Long> cacheWrite, long output, long reasoning, boolean estimated) {

    private static final JsonObject.Shape SHAPE = JsonObject.Shape.of(
            List.of("input", "cacheRead", "cacheWrite", "output", "reasoning", "total", "estimated"));

    /** Nothing was used. */
    public static final Usage NONE = new Usage(0, 0, Map.of(), 0, 0, false);

    public Usage {
        cacheWrite = Map.copyOf(cacheWrite);
    }

    /** Input and output. */
    public long total() {
        return input + output;
    }

    /** How much of the input was put into caches. */
    public long cacheWritten() {
        return cacheWrite.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What two calls used together. */
    public Usage plus(Usage other) {
        if (equals(NONE)) {
            return other;
        }
        Map<String, Long> written = new LinkedHashMap<>(cacheWrite);
        other.cacheWrite.forEach((time, tokens) -> written.merge(time, tokens, Long::sum));
        return new Usage(
                input + other.input,
                cacheRead + other.cacheRead,
                written,
                output + other.output,
                reasoning + other.reasoning,
                estimated || other.estimated);
    }

    /** This usage as a guess. */
    public Usage asEstimate() {
        return new Usage(input, cacheRead, cacheWrite, output, reasoning, true);
    }

    /** A usage as {@link #toJson} writes it. */
    public static Usage of(JsonObject json) {
        Map<String, Long> written = new LinkedHashMap<>();
        if (json.get("cacheWrite") instanceof JsonObject times) {
            times.keySet().forEach(time -> written.put(time, count(times, time)));
        }
        return new Usage(
                count(json, "input"),
                count(json, "cacheRead"),
                written,
                count(json, "output"),
                count(json, "reasoning"),
                Boolean.TRUE.equals(json.get("estimated")));
    }

    private static long count(JsonObject json, String field) {
        return json.get(field) instanceof Long count ? count : 0;
    }

    /** As it stands in the outputs of nodes. */
    public JsonObject toJson() {
        return SHAPE.object(
                input,
                cacheRead,
                cacheWrite.isEmpty() ? JsonObject.EMPTY : cacheWrite,
                output,
                reasoning,
                total(),
                estimated);
    }
}
