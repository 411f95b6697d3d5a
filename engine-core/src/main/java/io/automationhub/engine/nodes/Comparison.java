package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An operator of a condition that is written as data. It means the same as the expression operator of its kind. */
@FunctionalInterface
interface Comparison {

    Map<String, Comparison> TABLE = Map.ofEntries(
            Map.entry("equals", Comparisons::equal),
            Map.entry("notEquals", (left, right) -> !Comparisons.equal(left, right)),
            Map.entry("greater", (left, right) -> Comparisons.order(left, right) > 0),
            Map.entry("greaterOrEqual", (left, right) -> Comparisons.order(left, right) >= 0),
            Map.entry("less", (left, right) -> Comparisons.order(left, right) < 0),
            Map.entry("lessOrEqual", (left, right) -> Comparisons.order(left, right) <= 0),
            Map.entry("contains", Comparison::contains),
            Map.entry("startsWith", Comparisons::startsWith),
            Map.entry("endsWith", Comparisons::endsWith),
            Map.entry("matches", Comparisons::matches),
            Map.entry("in", (left, right) -> contains(right, left)),
            Map.entry("empty", (left, right) -> Comparisons.isEmpty(left)),
            Map.entry("notEmpty", (left, right) -> !Comparisons.isEmpty(left)));

    boolean holds(@Nullable Object left, @Nullable Object right);

    static Comparison of(String operator) {
        Comparison comparison = TABLE.get(operator);
        if (comparison == null) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "There is no operator '" + operator + "'; known are "
                            + String.join(", ", TABLE.keySet().stream().sorted().toList()),
                    null);
        }
        return comparison;
    }

    private static boolean contains(@Nullable Object whole, @Nullable Object part) {
        if (whole instanceof String text && part instanceof String piece) {
            return text.contains(piece);
        }
        if (whole instanceof JsonArray list) {
            return list.stream().anyMatch(element -> Comparisons.equal(element, part));
        }
        if (whole == null) {
            return false;
        }
        throw new NonRetriableException(
                ExecutionError.KIND_EXPRESSION,
                "Only text contains text, and a list its elements; found " + Json.typeName(whole) + " and "
                        + Json.typeName(part),
                null);
    }
}
