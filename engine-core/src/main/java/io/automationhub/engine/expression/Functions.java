package io.automationhub.engine.expression;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The table of functions: nothing that is not in it can be called. */
final class Functions {

    private static final Map<String, Function> TABLE = new TreeMap<>(Map.of(
            "size", new Function(1, (environment, arguments, column) -> size(arguments[0], column)),
            "empty", new Function(1, (environment, arguments, column) -> isEmpty(arguments[0])),
            "string", new Function(1, (environment, arguments, column) -> Json.toText(arguments[0])),
            "number", new Function(1, (environment, arguments, column) -> number(arguments[0], column)),
            "boolean", new Function(1, (environment, arguments, column) -> bool(arguments[0], column)),
            "now", new Function(0, (environment, arguments, column) -> now(environment))));

    private Functions() {}

    /** A function and how many arguments it takes, the receiver included. */
    record Function(int arity, Body body) {}

    /** What a function does. */
    interface Body {
        @Nullable
        Object apply(Environment environment, @Nullable Object[] arguments, int column);
    }

    static Function find(String name, int column) {
        Function function = TABLE.get(name);
        if (function == null) {
            throw new ExpressionException(
                    column,
                    "There is no function '" + name + "'" + NearestName.hint(name, TABLE.keySet()) + "; known are "
                            + String.join(", ", TABLE.keySet()));
        }
        return function;
    }

    static long size(@Nullable Object value, int column) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof JsonArray list) {
            return list.size();
        }
        if (value instanceof JsonObject object) {
            return object.size();
        }
        if (value == null) {
            return 0;
        }
        throw new ExpressionException(
                column, "size(…) needs text, a list or an object, found " + Operators.article(value));
    }

    static boolean isEmpty(@Nullable Object value) {
        return value == null
                || value instanceof String text && text.isEmpty()
                || value instanceof JsonArray list && list.isEmpty()
                || value instanceof JsonObject object && object.isEmpty();
    }

    private static @Nullable Object number(@Nullable Object value, int column) {
        if (value == null || value instanceof Number) {
            return value;
        }
        if (value instanceof String text && text.length() <= 1000) {
            try {
                if (Json.parse(text.strip()) instanceof Number number) {
                    return number;
                }
            } catch (JsonException e) {
                throw notANumber(value, column);
            }
        }
        throw notANumber(value, column);
    }

    private static ExpressionException notANumber(Object value, int column) {
        return new ExpressionException(
                column,
                "number(…) needs a number or text such as '12.5', found " + Operators.article(value)
                        + (value instanceof String ? " that is not written like one" : ""));
    }

    private static @Nullable Object bool(@Nullable Object value, int column) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof String text && (text.equals("true") || text.equals("false"))) {
            return text.equals("true");
        }
        throw new ExpressionException(
                column, "boolean(…) needs true, false or one of the two as text, found " + Operators.article(value));
    }

    private static String now(Environment environment) {
        return Instant.EPOCH.plus(environment.epochMicros(), ChronoUnit.MICROS).toString();
    }
}
