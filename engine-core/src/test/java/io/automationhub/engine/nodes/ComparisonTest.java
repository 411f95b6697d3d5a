package io.automationhub.engine.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.testkit.DocsSection;
import io.automationhub.engine.value.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

    /** Where other languages surprise. */
    private static final List<String> VALUES = List.of(
            "null",
            "false",
            "true",
            "0",
            "1",
            "1.0",
            "\"\"",
            "\"0\"",
            "\"1\"",
            "\"a\"",
            "\"true\"",
            "[]",
            "[0]",
            "{}",
            "\"2026-01-31\"");

    @Test
    void theTableOfComparisonsIsInTheDocs() {
        StringBuilder table = new StringBuilder("| |");
        VALUES.forEach(value -> table.append(" `").append(value).append("` |"));
        table.append("\n|---|").append(":-:|".repeat(VALUES.size())).append('\n');
        for (String left : VALUES) {
            table.append("| `").append(left).append("` |");
            VALUES.forEach(right -> table.append(' ')
                    .append(cell(Json.parse(left), Json.parse(right)))
                    .append(" |"));
            table.append('\n');
        }
        new DocsSection("expressions.md", "comparison").mustBe(table.toString());
    }

    private static String cell(Object left, Object right) {
        if (Comparisons.equal(left, right)) {
            return "=";
        }
        try {
            return Comparisons.order(left, right) < 0 ? "<" : ">";
        } catch (ExpressionException e) {
            return "–";
        }
    }

    @Test
    void theTableOfOperatorsIsInTheDocs() {
        StringBuilder table = new StringBuilder("| operator | works on | it holds if |\n|---|---|---|\n");
        for (Comparison comparison : Comparison.values()) {
            table.append("| `")
                    .append(comparison.text())
                    .append("` | ")
                    .append(comparison.operands())
                    .append(" | ")
                    .append(comparison.meaning())
                    .append(" |\n");
        }
        new DocsSection("expressions.md", "operators").mustBe(table.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | equals | 1.0 | true",
                "1 | equals | \"1\" | false",
                "null | equals | \"\" | false",
                "[1, {\"a\": 2}] | equals | [1.0, {\"a\": 2.00}] | true",
                "true | notEquals | \"true\" | true",
                "\"abc\" | contains | \"b\" | true",
                "\"abc\" | contains | \"\" | true",
                "[1, 2] | contains | 2.0 | true",
                "{\"a\": null} | contains | \"a\" | true",
                "null | contains | \"a\" | false",
                "null | notContains | \"a\" | true",
                "\"abc\" | startsWith | \"ab\" | true",
                "null | startsWith | \"ab\" | false",
                "null | notStartsWith | \"ab\" | true",
                "\"abc\" | notEndsWith | \"c\" | false",
                "\"a1\" | matches | \"[a-z][0-9]\" | true",
                "\"a1!\" | matches | \"[a-z][0-9]\" | false",
                "null | notMatches | \".*\" | true",
                "10 | greater | 9 | true",
                "\"10\" | greater | \"9\" | false",
                "2 | lessOrEqual | 2.0 | true",
                "5 | between | [1, 5] | true",
                "\"m\" | between | [\"a\", \"k\"] | false",
                "\"2026-01-31T09:00:00+01:00\" | between | [\"2026-01-31T07:30:00Z\", \"2026-01-31T08:00:00Z\"] | true",
                "2 | in | [1, 2.0] | true",
                "null | in | [null] | true",
                "\"a\" | notIn | [] | true",
                "0 | empty | - | false",
                "\"\" | empty | - | true",
                "[] | notEmpty | - | false",
                "false | exists | - | true",
                "null | notExists | - | true",
                "1.0 | isType | \"integer\" | true",
                "1.5 | isType | \"integer\" | false",
                "\"2026-02-30\" | isType | \"date\" | false",
                "\"2026-02-28\" | isType | \"date\" | true",
                "null | isType | \"null\" | true",
                "[] | isNotType | \"object\" | true",
                "\"2026-01-31T09:00:00+01:00\" | before | \"2026-01-31T08:30:00Z\" | true",
                "\"2026-01-31\" | afterOrEqual | \"2026-01-31T00:00:00Z\" | true",
                "\"2026-01-31\" | after | \"2026-01-31T00:00:00Z\" | false",
            })
    void decides(String left, String operator, String right, boolean expected) {
        Object other = right.equals("-") ? null : Json.parse(right);
        assertThat(Comparison.of(operator).orElseThrow().holds(Json.parse(left), other))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5 | contains | \"5\" | Only text contains text, a list its elements and an object its keys, found number and text; convert with string(…)",
                "5 | startsWith | \"5\" | compares two texts, found a number and text",
                "5 | matches | \"5\" | Only text can match a pattern, found a number; convert it with string(…)",
                "\"a\" | matches | [\"a\"] | 'matches' needs a pattern as text on its right, found text and list; 'in' looks into a list",
                "\"a\" | matches | \"(\" | not a regular expression of RE2",
                "1 | greater | \"1\" | Cannot order a number and text; convert the other side with number(…)",
                "null | less | 1 | give null a default with ??",
                "true | greater | false | only numbers and text have an order",
                "1 | between | 5 | 'between' needs a list of two values on its right, such as [1, 10], found number",
                "1 | between | [1] | found list of 1",
                "\"a\" | in | \"abc\" | 'in' needs a list on its right, found text and text",
                "1 | isType | \"int\" | 'isType' needs one of text, number, integer",
                "\"soon\" | before | \"2026-01-31\" | Only dates are before or after each other, found text that is none; a date is written as 2026-01-31",
                "null | before | \"2026-01-31\" | found null; give null a default with ??",
            })
    void failsWithAHintWhereItMakesNoSense(String left, String operator, String right, String message) {
        assertThatThrownBy(() -> Comparison.of(operator).orElseThrow().holds(Json.parse(left), Json.parse(right)))
                .isInstanceOf(NonRetriableException.class)
                .hasMessageContaining(message);
    }
}
