package io.automationhub.connectors.connector;

import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the value of a parameter into a call, by its place and style. */
final class ParameterWriter {

    private final Parameter parameter;

    ParameterWriter(Parameter parameter) {
        this.parameter = parameter;
    }

    /** The value as a part of a path, with all that means something there encoded. */
    String path(@Nullable Object value) {
        if (parameter.json()) {
            return encoded(Json.write(value));
        }
        return switch (parameter.style()) {
            case LABEL -> "." + joined(value, parameter.explode() ? "." : ",", ParameterWriter::encoded);
            case MATRIX -> matrix(value);
            default -> joined(value, ",", ParameterWriter::encoded);
        };
    }

    private String matrix(@Nullable Object value) {
        String name = encoded(parameter.name());
        if (parameter.explode() && value instanceof JsonArray list) {
            return present(list).stream()
                    .map(each -> ";" + name + "=" + encoded(each))
                    .collect(Collectors.joining());
        }
        return parameter.explode() && value instanceof JsonObject
                ? ";" + joined(value, ";", ParameterWriter::encoded)
                : ";" + name + "=" + joined(value, ",", ParameterWriter::encoded);
    }

    HttpCall query(HttpCall call, @Nullable Object value) {
        HttpCall all = call;
        for (Map.Entry<String, String> pair : pairs(value)) {
            all = all.query(pair.getKey(), pair.getValue());
        }
        return all;
    }

    /** What a query or a cookie has of it: names with values, not encoded. */
    List<Map.Entry<String, String>> pairs(@Nullable Object value) {
        String name = parameter.name();
        if (parameter.json()) {
            return List.of(Map.entry(name, Json.write(value)));
        }
        if (parameter.style() == Parameter.Style.DEEP_OBJECT && value instanceof JsonObject) {
            List<Map.Entry<String, String>> pairs = new ArrayList<>();
            deep(name, value, pairs);
            return pairs;
        }
        if (parameter.explode() && value instanceof JsonArray list) {
            return present(list).stream().map(each -> Map.entry(name, each)).toList();
        }
        if (parameter.explode() && value instanceof JsonObject object) {
            return object.entrySet().stream()
                    .filter(field -> field.getValue() != null)
                    .map(field -> Map.entry(field.getKey(), Json.toText(field.getValue())))
                    .toList();
        }
        String separator = switch (parameter.style()) {
            case SPACE_DELIMITED -> " ";
            case PIPE_DELIMITED -> "|";
            default -> ",";
        };
        return List.of(Map.entry(name, joined(value, separator, UnaryOperator.identity())));
    }

    /** Levels below the first are written alike; OpenAPI leaves them open, and servers read them so. */
    private static void deep(String name, @Nullable Object value, List<Map.Entry<String, String>> pairs) {
        if (value instanceof JsonObject object) {
            object.forEach((field, inner) -> deep(name + "[" + field + "]", inner, pairs));
        } else if (value instanceof JsonArray list) {
            present(list).forEach(each -> pairs.add(Map.entry(name + "[]", each)));
        } else if (value != null) {
            pairs.add(Map.entry(name, Json.toText(value)));
        }
    }

    String header(@Nullable Object value) {
        return parameter.json() ? Json.write(value) : joined(value, ",", UnaryOperator.identity());
    }

    /** Cookies have no encoding of their own; what would end one is encoded as in a URL. */
    String cookie(@Nullable Object value) {
        return pairs(value).stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("; "));
    }

    private String joined(@Nullable Object value, String separator, UnaryOperator<String> encode) {
        if (value instanceof JsonArray list) {
            return present(list).stream().map(encode).collect(Collectors.joining(separator));
        }
        if (value instanceof JsonObject object) {
            return object.entrySet().stream()
                    .filter(field -> field.getValue() != null)
                    .map(field -> encode.apply(field.getKey())
                            + (parameter.explode() ? "=" : separator)
                            + encode.apply(Json.toText(field.getValue())))
                    .collect(Collectors.joining(separator));
        }
        return encode.apply(Json.toText(value));
    }

    private static List<String> present(JsonArray list) {
        List<String> texts = new ArrayList<>(list.size());
        for (Object each : list) {
            if (each != null) {
                texts.add(Json.toText(each));
            }
        }
        return texts;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
