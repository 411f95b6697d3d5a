package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.DateText;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The operators of conditions that are written as data. Each fails on values that it makes no sense for. */
enum Comparison {
    EQUALS(
            "equals",
            "any, any",
            "They are equal: numbers by size, lists and objects by content; values of different types never are.",
            Comparisons::equal),
    NOT_EQUALS("notEquals", "any, any", "They are not equal.", (left, right) -> !EQUALS.holds(left, right)),
    CONTAINS(
            "contains",
            "text, text; list, any; object, text",
            "The text has the part, the list the element, the object the key; null has nothing.",
            Comparison::contain),
    NOT_CONTAINS("notContains", "as contains", "It has not.", (left, right) -> !CONTAINS.holds(left, right)),
    STARTS_WITH("startsWith", "text, text", "The text begins so; null does not.", Comparisons::startsWith),
    NOT_STARTS_WITH("notStartsWith", "text, text", "It does not.", (left, right) -> !STARTS_WITH.holds(left, right)),
    ENDS_WITH("endsWith", "text, text", "The text ends so; null does not.", Comparisons::endsWith),
    NOT_ENDS_WITH("notEndsWith", "text, text", "It does not.", (left, right) -> !ENDS_WITH.holds(left, right)),
    MATCHES(
            "matches",
            "text, pattern",
            "The whole text matches a regular expression of RE2; null does not.",
            Comparison::match),
    NOT_MATCHES("notMatches", "text, pattern", "It does not.", (left, right) -> !MATCHES.holds(left, right)),
    GREATER(
            "greater",
            "number, number; text, text",
            "The left one is larger, or stands later in the order of characters.",
            (left, right) -> Comparisons.order(left, right) > 0),
    GREATER_OR_EQUAL(
            "greaterOrEqual",
            "as greater",
            "It is larger or equal.",
            (left, right) -> Comparisons.order(left, right) >= 0),
    LESS("less", "as greater", "It is smaller.", (left, right) -> Comparisons.order(left, right) < 0),
    LESS_OR_EQUAL(
            "lessOrEqual",
            "as greater",
            "It is smaller or equal.",
            (left, right) -> Comparisons.order(left, right) <= 0),
    BETWEEN(
            "between",
            "number, [number, number]; also text or dates",
            "It lies between the two, or is one of them; three dates are compared as instants.",
            Comparison::isBetween),
    IN("in", "any, list", "The list has an element that equals it.", Comparison::isIn),
    NOT_IN("notIn", "any, list", "The list has none.", (left, right) -> !IN.holds(left, right)),
    EMPTY(
            "empty",
            "any",
            "It is null or absent, or text, a list or an object without content; 0 and false are not empty.",
            (left, right) -> Comparisons.isEmpty(left)),
    NOT_EMPTY("notEmpty", "any", "It is not.", (left, right) -> !EMPTY.holds(left, right)),
    EXISTS("exists", "any", "It is neither null nor absent, however deep.", (left, right) -> left != null),
    NOT_EXISTS("notExists", "any", "It is null or absent.", (left, right) -> !EXISTS.holds(left, right)),
    IS_TYPE(
            "isType",
            "any, type",
            "It is a text, number, integer, boolean, list, object, date or null.",
            Comparison::hasType),
    IS_NOT_TYPE("isNotType", "any, type", "It is not.", (left, right) -> !IS_TYPE.holds(left, right)),
    BEFORE("before", "date, date", "It is an earlier instant.", (left, right) -> instants(left, right) < 0),
    BEFORE_OR_EQUAL(
            "beforeOrEqual",
            "date, date",
            "It is an earlier instant, or the same.",
            (left, right) -> instants(left, right) <= 0),
    AFTER("after", "date, date", "It is a later instant.", (left, right) -> instants(left, right) > 0),
    AFTER_OR_EQUAL(
            "afterOrEqual",
            "date, date",
            "It is a later instant, or the same.",
            (left, right) -> instants(left, right) >= 0);

    private static final Map<String, Comparison> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toMap(Comparison::text, comparison -> comparison));

    private static final List<String> TYPES =
            List.of("text", "number", "integer", "boolean", "list", "object", "date", "null");

    private final String text;
    private final String operands;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // The tests have no state.
    private final BiPredicate<@Nullable Object, @Nullable Object> test;

    Comparison(String text, String operands, String meaning, BiPredicate<@Nullable Object, @Nullable Object> test) {
        this.text = text;
        this.operands = operands;
        this.meaning = meaning;
        this.test = test;
    }

    /** How it is written. */
    String text() {
        return text;
    }

    /** The types that it works on, for documentation. */
    String operands() {
        return operands;
    }

    /** When it holds, for documentation. */
    String meaning() {
        return meaning;
    }

    /** All, as they are written. */
    static List<String> texts() {
        return Arrays.stream(values()).map(Comparison::text).toList();
    }

    /** The operator that is written so. */
    static Optional<Comparison> of(@Nullable Object text) {
        return Optional.ofNullable(text instanceof String name ? BY_TEXT.get(name) : null);
    }

    /** Whether it looks at one value only. */
    boolean isUnary() {
        return this == EMPTY || this == NOT_EMPTY || this == EXISTS || this == NOT_EXISTS;
    }

    /**
     * Whether it holds.
     *
     * @throws NonRetriableException if it makes no sense for these values; the message says what to do
     */
    boolean holds(@Nullable Object left, @Nullable Object right) {
        return test.test(left, right);
    }

    /** What is wrong with a constant on its right; null if nothing is. */
    @Nullable
    String problemWith(@Nullable Object right) {
        try {
            switch (this) {
                case MATCHES, NOT_MATCHES -> match("", right);
                case IN, NOT_IN -> isIn(null, right);
                case IS_TYPE, IS_NOT_TYPE -> hasType(null, right);
                case BETWEEN -> isBetween(bounds(right).get(0), right);
                case BEFORE, BEFORE_OR_EQUAL, AFTER, AFTER_OR_EQUAL -> instant(right);
                default -> {
                    return null;
                }
            }
            return null;
        } catch (NonRetriableException e) {
            return e.getMessage();
        }
    }

    private static boolean contain(@Nullable Object whole, @Nullable Object part) {
        if (whole instanceof String text && part instanceof String piece) {
            return text.contains(piece);
        }
        if (whole instanceof JsonArray list) {
            return isIn(part, list);
        }
        if (whole instanceof JsonObject object && part instanceof String key) {
            return object.containsKey(key);
        }
        if (whole == null) {
            return false;
        }
        throw mismatch(
                "Only text contains text, a list its elements and an object its keys",
                whole,
                part,
                "convert with string(…)");
    }

    private static boolean isIn(@Nullable Object element, @Nullable Object whole) {
        if (whole instanceof JsonArray list) {
            return list.stream().anyMatch(each -> Comparisons.equal(each, element));
        }
        throw mismatch(
                "'in' needs a list on its right",
                element,
                whole,
                "write one, as in [1, 2]; 'contains' looks into text");
    }

    private static boolean match(@Nullable Object value, @Nullable Object pattern) {
        if (pattern instanceof String source) {
            return Comparisons.matches(value, source);
        }
        throw mismatch("'matches' needs a pattern as text on its right", value, pattern, "'in' looks into a list");
    }

    private static boolean isBetween(@Nullable Object value, @Nullable Object range) {
        JsonArray bounds = bounds(range);
        Object low = bounds.get(0);
        Object high = bounds.get(1);
        if (isDate(value) && isDate(low) && isDate(high)) {
            return instants(value, low) >= 0 && instants(value, high) <= 0;
        }
        return Comparisons.order(value, low) >= 0 && Comparisons.order(value, high) <= 0;
    }

    private static JsonArray bounds(@Nullable Object range) {
        if (range instanceof JsonArray bounds && bounds.size() == 2) {
            return bounds;
        }
        throw failure("'between' needs a list of two values on its right, such as [1, 10], found "
                + Json.typeName(range) + (range instanceof JsonArray list ? " of " + list.size() : ""));
    }

    private static boolean hasType(@Nullable Object value, @Nullable Object type) {
        if (!(type instanceof String name) || !TYPES.contains(name)) {
            throw failure("'isType' needs one of " + String.join(", ", TYPES) + " on its right, found "
                    + (type instanceof String text ? "'" + text + "'" : Json.typeName(type)));
        }
        return switch (name) {
            case "date" -> isDate(value);
            case "integer" -> value instanceof Number number && Comparisons.isInteger(number);
            default -> Json.typeName(value).equals(name);
        };
    }

    private static boolean isDate(@Nullable Object value) {
        return value instanceof String text && DateText.isDate(text);
    }

    private static int instants(@Nullable Object left, @Nullable Object right) {
        return instant(left).compareTo(instant(right));
    }

    private static Instant instant(@Nullable Object value) {
        if (value instanceof String text && DateText.isDate(text)) {
            return DateText.instant(DateText.parse(text));
        }
        throw failure(
                "Only dates are before or after each other, found "
                        + (value instanceof String ? "text that is none" : Json.typeName(value))
                        + (value == null
                                ? "; give null a default with ??, or test before whether it exists"
                                : "; a date is written as 2026-01-31 or 2026-01-31T08:00:00Z, or read by parseDate(text, pattern)"));
    }

    private static NonRetriableException mismatch(
            String rule, @Nullable Object left, @Nullable Object right, String hint) {
        return failure(rule + ", found " + Json.typeName(left) + " and " + Json.typeName(right) + "; " + hint);
    }

    private static NonRetriableException failure(String message) {
        return new NonRetriableException(ExecutionError.KIND_EXPRESSION, message, null);
    }
}
