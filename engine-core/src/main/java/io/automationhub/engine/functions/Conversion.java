package io.automationhub.engine.functions;

import io.automationhub.engine.expression.DateText;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Makes a value one of another type, in functions and in the steps of a transform. Null stays null, but for text. */
public enum Conversion {
    /** Text: null as nothing, lists and objects as JSON. */
    STRING,
    /** A number, of text that is written like one in JSON. */
    NUMBER,
    /** A number without what stands after the point. */
    INTEGER,
    /** True or false, of text that says so. */
    BOOLEAN,
    /** Text that is a date in ISO-8601, as it is. */
    DATE,
    /** What a JSON text says; what is no text, as it is. */
    JSON;

    /** Longer text is no number that anybody wrote. */
    private static final int MAX_NUMBER_LENGTH = 1000;

    /**
     * The value as one of this type.
     *
     * @throws ExpressionException if it cannot be one
     */
    public @Nullable Object of(@Nullable Object value) {
        if (this == STRING) {
            return Json.toText(value);
        }
        if (value == null) {
            return null;
        }
        return switch (this) {
            case NUMBER -> number(value);
            case INTEGER -> integer(number(value));
            case BOOLEAN -> bool(value);
            case DATE -> date(value);
            default -> json(value);
        };
    }

    private static Number number(Object value) {
        if (value instanceof Number number) {
            return number;
        }
        if (value instanceof String text && text.length() <= MAX_NUMBER_LENGTH) {
            try {
                if (Json.parse(text.strip()) instanceof Number number) {
                    return number;
                }
            } catch (JsonException e) {
                throw refused("a number or text such as '12.5'", value);
            }
        }
        throw refused("a number or text such as '12.5'", value);
    }

    private static @Nullable Object integer(Number number) {
        return number instanceof BigDecimal decimal
                ? Json.of(decimal.setScale(0, RoundingMode.DOWN).toBigInteger())
                : number;
    }

    private static Object bool(Object value) {
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof String text && (text.equals("true") || text.equals("false"))) {
            return text.equals("true");
        }
        throw refused("true, false or one of the two as text", value);
    }

    private static Object date(Object value) {
        if (value instanceof String text && DateText.isDate(text)) {
            return value;
        }
        throw refused("a date such as '2026-01-31' (parseDate reads other forms)", value);
    }

    private static @Nullable Object json(Object value) {
        try {
            return value instanceof String text ? Json.parse(text) : value;
        } catch (JsonException e) {
            throw new ExpressionException(1, "needs JSON; " + e.getMessage());
        }
    }

    private static ExpressionException refused(String needed, Object value) {
        String shown = Json.toText(value);
        return new ExpressionException(
                1,
                "needs " + needed + ", found "
                        + (value instanceof String
                                ? "the text '" + (shown.length() > 40 ? shown.substring(0, 40) + "…" : shown) + "'"
                                : "a value of type " + Json.typeName(value)));
    }
}
