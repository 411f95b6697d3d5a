package io.automationhub.engine.workflow;

import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.DateText;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable of a workflow.
 *
 * @param type what it may hold; null is always allowed unless it is required
 * @param defaultValue its value at the start if the start sets none; null for none
 * @param required whether a start must set it when there is no default
 * @param schema the JSON Schema that every value but null must match; null for none
 */
public record WorkflowVariable(
        String name,
        Type type,
        @Nullable Object defaultValue,
        boolean required,
        @Nullable JsonObject schema) {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]{0,127}");

    private static final Set<String> RESERVED = Set.of(
            "input",
            "nodes",
            "previous",
            "vars",
            "item",
            "index",
            "last",
            "groups",
            "approvals",
            "execution",
            "workflow",
            "size",
            "empty",
            "not",
            "and",
            "or",
            "eq",
            "ne",
            "lt",
            "gt",
            "le",
            "ge",
            "div",
            "mod",
            "new",
            "var",
            "if",
            "else",
            "for",
            "while",
            "do",
            "return",
            "function",
            "null",
            "true",
            "false",
            "NaN",
            "in",
            "instanceof",
            "let",
            "const",
            "break",
            "continue",
            "switch",
            "case",
            "default",
            "try",
            "catch",
            "finally",
            "throw");

    /** What a variable may hold. */
    public enum Type {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        DATE,
        LIST,
        OBJECT,
        ANY;

        /** The type's name in a file. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The type of that name. */
        static Optional<Type> of(String name) {
            for (Type type : values()) {
                if (type.text().equals(name)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }

        /** Whether a variable of this type may hold {@code value}; null fits every type. */
        public boolean accepts(@Nullable Object value) {
            return value == null
                    || switch (this) {
                        case STRING -> value instanceof String;
                        case INTEGER -> value instanceof Number number && Comparisons.isInteger(number);
                        case NUMBER -> value instanceof Number;
                        case BOOLEAN -> value instanceof Boolean;
                        case DATE -> value instanceof String text && DateText.isDate(text);
                        case LIST -> value instanceof JsonArray;
                        case OBJECT -> value instanceof JsonObject;
                        case ANY -> true;
                    };
        }
    }

    /** Why {@code name} cannot name a variable; empty if it can. */
    public static Optional<String> objection(String name) {
        if (RESERVED.contains(name)) {
            return Optional.of("'" + name + "' is a reserved word");
        }
        return IDENTIFIER.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("'" + name + "' is no identifier (ASCII letters, digits, _ and $, at most 128)");
    }

    /** Says that {@code value} does not fit. */
    public String mismatch(@Nullable Object value) {
        String expected = type == Type.DATE
                ? "a date (2026-01-31) or a date and time (2026-01-31T08:00:00Z)"
                : "of type " + type.text();
        return "The variable '" + name + "' is " + expected + ", but the value is of type " + Json.typeName(value);
    }
}
