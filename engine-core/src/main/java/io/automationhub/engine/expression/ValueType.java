package io.automationhub.engine.expression;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a function works on, takes or gives. */
public enum ValueType {
    /** Any value, null included. */
    ANY("convert it"),
    /** Text. */
    TEXT("convert it with string(…)"),
    /** A number. */
    NUMBER("convert it with number(…)"),
    /** A whole number. */
    INTEGER("round it with round(…), or convert it with integer(…)"),
    /** True or false. */
    BOOLEAN("compare it, as in count > 0"),
    /** A list. */
    LIST("put it into brackets to make a list of it, as in [input.order]"),
    /** An object. */
    OBJECT("write an object as {'key': value}"),
    /** Text that is a date (2026-01-31) or a date and time (2026-01-31T08:00:00Z, ISO-8601). */
    DATE("write it as 2026-01-31 or 2026-01-31T08:00:00Z, or read it with parseDate(text, pattern)"),
    /** A regular expression of RE2, as text. */
    PATTERN("write the pattern as text, as in '[0-9]+'"),
    /** An expression over {@code item} and {@code index}, or the path of a field as text. */
    EACH("name a field, as in 'customer.name', or write an expression over item, as in item.total > 5");

    private final String hint;

    ValueType(String hint) {
        this.hint = hint;
    }

    /** The type's name in documentation. */
    public String text() {
        return this == EACH ? "field or expression over item" : name().toLowerCase(Locale.ROOT);
    }

    /** What to do with a value that is not of this type. */
    String hint() {
        return hint;
    }

    /** Whether a value is of this type. */
    boolean accepts(@Nullable Object value) {
        return switch (this) {
            case ANY, EACH -> true;
            case TEXT, PATTERN -> value instanceof String;
            case NUMBER -> value instanceof Number;
            case INTEGER -> value instanceof Number number && Operators.isInteger(number);
            case BOOLEAN -> value instanceof Boolean;
            case LIST -> value instanceof JsonArray;
            case OBJECT -> value instanceof JsonObject;
            case DATE -> value instanceof String text && DateText.isDate(text);
        };
    }
}
