package io.automationhub.engine.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.Environment;
import io.automationhub.engine.expression.ExpressionCompiler;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.expression.ExpressionFunction;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ReferenceBinder;
import io.automationhub.engine.expression.ValueType;
import io.automationhub.engine.value.Json;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardFunctionsTest {

    private static final FunctionLibrary LIBRARY = StandardFunctions.library();

    private static final Object INPUT = Json.parse("""
            {"orders": [{"id": 1, "customer": {"name": "Ada"}, "total": 20.50, "tags": ["new"], "a.b": 7},
                        {"id": 2, "customer": {"name": "Bo"}, "total": 9, "tags": []},
                        {"id": 3, "customer": {"name": "Ada"}, "total": null}],
             "text": "Ada", "nothing": null, "date": "2026-01-31", "n": 5,
             "long": "%s"}
            """.formatted("ab".repeat(100_000)));

    private static final ReferenceBinder BINDER = new ReferenceBinder() {
        @Override
        public int slot(Reference reference) {
            return reference instanceof Reference.Input ? 0 : -1;
        }

        @Override
        public Collection<String> known(Reference reference) {
            return List.of();
        }
    };

    private static final Environment ENVIRONMENT = new Environment() {
        @Override
        public Object read(int slot) {
            return INPUT;
        }

        @Override
        public long epochMicros() {
            return 1_769_846_400_000_000L;
        }

        @Override
        public RandomGenerator random() {
            return new SplittableRandom(1);
        }
    };

    private static Object evaluate(String source) {
        return new ExpressionCompiler(BINDER, LIBRARY).compile(source).evaluate(ENVIRONMENT);
    }

    static Stream<ExpressionFunction> functions() {
        return LIBRARY.functions().stream();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void saysWhatItDoesAndItsExamplesHold(ExpressionFunction function) {
        assertThat(function.description()).endsWith(".");
        assertThat(function.examples()).isNotEmpty();
        for (ExpressionFunction.Example example : function.examples()) {
            Object value = evaluate(example.expression());
            assertThat(Comparisons.equal(value, evaluate(example.value())))
                    .as("%s is %s", example.expression(), Json.write(value))
                    .isTrue();
            assertThat(Json.write(value)).isEqualTo(Json.write(evaluate(example.value())));
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void itsExamplesCallIt(ExpressionFunction function) {
        assertThat(function.examples()).allMatch(example -> example.expression().contains(function.name() + "("));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "input.orders.map('customer.name').distinct().join('+') | \"Ada+Bo\"",
                "input.orders.map('a.b') | [7,null,null]",
                "input.orders.filter(item.customer.name == 'Ada' && (item.total ?? 0) > 1).map(item.id) | [1]",
                "input.orders.map(item.tags?.first()) | [\"new\",null,null]",
                "input.orders.map({'id': item.id, 'at': index}).last() | {\"id\":3,\"at\":2}",
                "input.orders.sort('total', 'desc').map('id') | [1,2,3]",
                "input.orders.sort('total').map('id') | [2,1,3]",
                "input.orders.group('customer.name').map({'who': item.key, 'sum': item.items.sum('total')}) | [{\"who\":\"Ada\",\"sum\":20.50},{\"who\":\"Bo\",\"sum\":9}]",
                "input.orders.map(input.orders.filter(item.id > 2).map(item.id)).flatten() | [3,3,3]",
                "input.orders.map(item.tags ?? []).map(item.map(item.upper())) | [[\"NEW\"],[],[]]",
                "input.nothing?.upper() | null",
                "input.nothing?.upper().trim().first() | null",
                "input.nothing?.a.upper() ?? 'none' | \"none\"",
                "input.nothing.upper() ?? 'none' | \"none\"",
                "list:first(input.orders).id | 1",
                "input.orders.first().customer.name.lower() | \"ada\"",
                "'a,b'.split(',')[1] | \"b\"",
                "[3, 2.5, 10.50].max() | 10.50",
                "[9223372036854775807, 1].sum() | 9223372036854775808",
                "[1, 2].avg() | 1.5",
                "'😀a'.slice(0, 1) | \"😀\"",
                "'😀a'.reverse() | \"a😀\"",
                "input.date.format('yyyy/MM') | \"2026/01\"",
                "input.text.format('x') | \"Ada\"",
                "5.round() | 5",
                "-2.5.round() | -3",
                "random() == random() | true",
                "now().date() == today() | true",
                "'2026-01-31T08:00'.plus(1, 'second') | \"2026-01-31T08:00:01\"",
                "'2026-01-31'.plus(2, 'hours') | \"2026-01-31T02:00:00\"",
                "'2026-01-31'.startOf('week') | \"2026-01-26\"",
                "'2026-08-31'.startOf('quarter') | \"2026-07-01\"",
                "'2026-02-01'.diff('2025-02-01', 'years') | 1",
                "{'a': 1}.values().sum() | 1",
            })
    void worksOnData(String source, String expected) {
        assertThat(Json.write(evaluate(source))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "input.nothing.upper() | upper(…) works on text, found null; write ?.upper(…) to get null instead, or give a default with ??",
                "input.n.upper() | upper(…) works on text, found a number; convert it with string(…)",
                "input.n.first() | first(…) works on text or list, found a number",
                "'abc'.uper() | There is no function 'uper'; did you mean 'upper'?; docs/functions.md lists all",
                "'abc'.pad(3) | There is no function 'pad'",
                "'abc'.slice() | The function 'slice' is given 1 value(s), but is text:slice(text, from, [to]) or list:slice(list, from, [to])",
                "'abc'.slice('x') | needs integer as 'from', found text",
                "'abc'.slice(1.5) | needs integer as 'from', found a number; round it with round(…)",
                "input.text.plus(1, 'day') | plus(…) works on date, found text; the text is no date; write it as 2026-01-31",
                "input.date.plus(1, 'dai') | plus(…) knows no unit 'dai'; did you mean 'day'?; known are year, years",
                "1.234.round(1, 'banker') | round(…) knows no mode 'banker'",
                "input.orders.map(5) | map(…) needs a field or an expression over item, found a number; name a field, as in 'customer.name'",
                "input.orders.filter('item.total > 5') | filter(…) is given an expression as text; write it without quotes, as in filter(item.total > 5)",
                "input.orders.map('item.name.upper()') | map(…) is given an expression as text; write it without quotes",
                "input.orders.map(item.customer.first.name) | 'item.customer.first' is null, so it has no field 'name'",
                "input.orders.filter('id') | Expected true or false, found a number",
                "input.orders.map('tags').sort() | only numbers and text have an order",
                "['a', 1].sum() | Cannot sum up text; convert it with number(…)",
                "'a'.match('(') | The pattern is not a regular expression of RE2",
                "'x'.parseJson() | parseJson(…)",
                "'%zz'.urlDecode() | a '%' is not followed by two hexadecimal digits",
                "'#'.base64Decode().size() > 9 ? 1 : item | item",
                "'2026-13-01'.year() | the text is no date",
                "'2026-01-31'.zone('Mars') | 'zone' is no time zone; write one such as 'Europe/Berlin'",
                "1.5.format('0', 'x_y_z_') | 'locale' is no language tag",
                "15.format('0') | What is called on this number must be written like (15).f…",
                "'31.1.26'.parseDate('dd.MM.yyyy') | the text is not written by the pattern 'dd.MM.yyyy'; it breaks off at character 4",
                "'x'.hmacSha256('') | 'key' is empty",
                "[1].chunk(0) | it must be at least 1",
                "'{1}'.format('x') | there is no value for {1}; it is given 1",
                "item.id | exists only inside a group",
            })
    void saysWhatDoesNotFit(String source, String message) {
        assertThatThrownBy(() -> evaluate(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'a'.padEnd(2000000000)",
                "'a'.padEnd(16000000).replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
                "list:range(1, 1000000).map(list:range(1, 1000000).map(item))",
                "list:range(1, 9000).map(input.long.upper())",
                "list:range(1, 9000).map(input.long + item)",
                "list:range(1, 1000).map(list:range(1, 1000)).map(item.map(item.map(item)))",
                "list:range(1, 9000).map(input.long.split('a').size())",
                "input.long.matchAll('a*?c|a|b').size()",
                "input.long.replaceAll('(a|b)*c|a', 'xxxxxxxxxxxxxxx')",
                "list:range(1, 9000).map(input.long.contains('abc'))",
                "list:range(1, 9000).some(input.long.matches('[ab]*c'))",
                "list:range(1, 9000).map(input.orders.toJson()).map(item.parseJson()).map(list:range(1, 1000).join(item.size()))",
                "1e399.round(400).round(-400)",
                "list:range(1, 900000).map(1e-399 + 1).sum()",
                "['x'.padEnd(15000000)].map([item, item, item, item]).flatten().join()",
            })
    void endsInBoundedTime(String source) {
        assertTimeoutPreemptively(Duration.ofSeconds(8), () -> {
            try {
                evaluate(source);
            } catch (ExpressionException e) {
                assertThat(e.getMessage()).hasSizeLessThan(500);
            }
        });
    }

    @Test
    void aFunctionWhoseCallWouldBeAmbiguousIsRefused() {
        FunctionLibrary.Builder library = FunctionLibrary.builder();
        StandardFunctions.register(library);
        assertThatThrownBy(() -> library.add(ExpressionFunction.named("shout:upper")
                        .takes("text", ValueType.TEXT)
                        .as(call -> call.text(0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a call could as well mean 'text:upper(text)'");
    }

    @Test
    void whatAFunctionThrowsIsAnErrorWithItsName() {
        FunctionLibrary.Builder library = FunctionLibrary.builder();
        library.add(ExpressionFunction.named("broken").as(call -> {
            throw new IllegalStateException("out of order");
        }));
        assertThatThrownBy(() -> new ExpressionCompiler(BINDER, library.build())
                        .compile("1 + broken()")
                        .evaluate(ENVIRONMENT))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("broken(…) failed: java.lang.IllegalStateException: out of order");
    }
}
