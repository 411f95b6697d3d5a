package io.automationhub.engine.testkit.evaluation;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A case: what is asked, and what is expected.
 *
 * @param id by which reports name it
 * @param input of the run
 * @param expected what scores compare with; null if they need nothing
 */
public record EvaluationCase(
        String id, @Nullable Object input, @Nullable Object expected) {

    /**
     * The cases of a file: a JSON list, or a JSON object in each line, of {@code {id, input, expected}}. Without an id a case has its
     * position.
     *
     * @throws IllegalArgumentException if it has none, or one is none; the message says which
     * @throws IOException if it cannot be read
     */
    public static List<EvaluationCase> read(Path file) throws IOException {
        String text = Files.readString(file);
        List<@Nullable Object> all = new ArrayList<>();
        if (text.stripLeading().startsWith("[")) {
            all.addAll((JsonArray) Json.parseDocument(text, JsonLimits.DEFAULT));
        } else {
            text.lines().filter(line -> !line.isBlank()).forEach(line -> all.add(Json.parse(line)));
        }
        List<EvaluationCase> cases = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Object each : all) {
            EvaluationCase one = of(cases.size() + 1, each, file);
            if (!ids.add(one.id())) {
                throw new IllegalArgumentException(file + " has two cases of the id '" + one.id() + "'");
            }
            cases.add(one);
        }
        if (cases.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " has no cases; write {\"id\": …, \"input\": …, \"expected\": …}");
        }
        return cases;
    }

    private static EvaluationCase of(int position, @Nullable Object each, Path file) {
        if (!(each instanceof JsonObject json) || !json.containsKey("input")) {
            throw new IllegalArgumentException(
                    "Case " + position + " of " + file + " is no object with an input, found " + Json.typeName(each));
        }
        return new EvaluationCase(
                json.get("id") == null ? String.valueOf(position) : Json.toText(json.get("id")),
                json.get("input"),
                json.get("expected"));
    }
}
