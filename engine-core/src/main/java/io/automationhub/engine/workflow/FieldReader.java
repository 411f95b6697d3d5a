package io.automationhub.engine.workflow;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one object of a document; what does not fit becomes a problem and reads as absent. */
final class FieldReader {

    private final JsonObject object;
    private final String pointer;
    private final @Nullable String nodeId;
    private final List<Problem> problems;

    FieldReader(JsonObject object, String pointer, @Nullable String nodeId, List<Problem> problems) {
        this.object = object;
        this.pointer = pointer;
        this.nodeId = nodeId;
        this.problems = problems;
    }

    boolean has(String key) {
        return object.get(key) != null;
    }

    Set<String> keys() {
        return object.keySet();
    }

    @Nullable
    Object raw(String key) {
        return object.get(key);
    }

    String pointer(String key) {
        return JsonPointer.child(pointer, key);
    }

    @Nullable
    String text(String key) {
        Object value = object.get(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        wrongType(key, "text", value);
        return null;
    }

    String requiredText(String key) {
        require(key, "give it a text");
        String text = text(key);
        return text == null ? "" : text;
    }

    void require(String key, String hint) {
        if (!has(key)) {
            add(ProblemCode.MISSING_FIELD, key, "The field '" + key + "' is missing", hint);
        }
    }

    boolean flag(String key) {
        Object value = object.get(key);
        if (value != null && !(value instanceof Boolean)) {
            wrongType(key, "true or false", value);
        }
        return Boolean.TRUE.equals(value);
    }

    JsonObject object(String key) {
        Object value = object.get(key);
        if (value != null && !(value instanceof JsonObject)) {
            wrongType(key, "an object", value);
        }
        return value instanceof JsonObject result ? result : JsonObject.EMPTY;
    }

    /** A reader of the object under {@code key}. */
    FieldReader inside(String key) {
        return new FieldReader(object(key), pointer(key), nodeId, problems);
    }

    int integer(String key, int otherwise, int least, int most) {
        Object value = object.get(key);
        if (value instanceof Number number) {
            BigDecimal decimal = new BigDecimal(number.toString());
            if (decimal.compareTo(BigDecimal.valueOf(least)) >= 0
                    && decimal.compareTo(BigDecimal.valueOf(most)) <= 0
                    && decimal.stripTrailingZeros().scale() <= 0) {
                return decimal.intValue();
            }
        }
        if (value != null) {
            wrongType(key, "a whole number from " + least + " to " + most, value);
        }
        return otherwise;
    }

    double decimal(String key, double otherwise, double least, double most) {
        Object value = object.get(key);
        if (value instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        if (value != null) {
            wrongType(key, "a number from " + least + " to " + most, value);
        }
        return otherwise;
    }

    @Nullable
    Duration duration(String key, @Nullable Duration otherwise) {
        Object value = object.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return DurationText.parse(value);
        } catch (IllegalArgumentException e) {
            add(ProblemCode.WRONG_TYPE, key, "The field '" + key + "' is no duration: " + e.getMessage(), null);
            return otherwise;
        }
    }

    List<String> words(String key) {
        Object value = object.get(key);
        List<String> words = new ArrayList<>();
        if (value instanceof JsonArray array && array.stream().allMatch(String.class::isInstance)) {
            array.forEach(word -> words.add((String) word));
        } else if (value != null) {
            wrongType(key, "a list of texts", value);
        }
        return words;
    }

    /** One of the constants, by its name in lower case. */
    <E extends Enum<E>> @Nullable E choice(String key, E[] choices) {
        Object value = object.get(key);
        List<String> names = new ArrayList<>();
        for (E choice : choices) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
                return choice;
            }
            names.add("'" + choice.name().toLowerCase(Locale.ROOT) + "'");
        }
        if (value != null) {
            wrongType(key, "one of " + String.join(", ", names), value);
        }
        return null;
    }

    void warnOfUnknownKeys(Set<String> known) {
        for (String key : object.keySet()) {
            if (!known.contains(key)) {
                String hint = NearestName.find(key, known)
                        .map(nearest -> "did you mean '" + nearest + "'?")
                        .orElse("known are "
                                + String.join(", ", known.stream().sorted().toList()));
                add(ProblemCode.UNKNOWN_KEY, key, "The key '" + key + "' is unknown and has no effect", hint);
            }
        }
    }

    void wrongType(String key, String expected, @Nullable Object found) {
        String shown = found instanceof String || found instanceof Number || found instanceof Boolean
                ? Json.typeName(found) + " " + shorten(Json.write(found))
                : Json.typeName(found);
        add(ProblemCode.WRONG_TYPE, key, "The field '" + key + "' is " + shown, "it must be " + expected);
    }

    void add(ProblemCode code, String key, String message, @Nullable String hint) {
        problems.add(Problem.of(code, key.isEmpty() ? pointer : pointer(key), nodeId, message, hint));
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "…";
    }
}
