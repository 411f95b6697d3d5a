package io.automationhub.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.automationhub.engine.value.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    private static final Object INPUT = Json.parse("""
            {"name": "Ada", "n": 3, "price": 2.50, "zero": 0, "no": false, "yes": true, "nothing": null,
             "list": [10, 20, 30], "people": [{"name": "Bo", "tags": ["x"]}], "größe": 5, "send-mail": 1,
             "text": "{{input.name}}", "big": 9223372036854775807}
            """);

    /** Knows {@code input}, a node {@code a} and a variable {@code v}. */
    private static final ReferenceBinder BINDER = new ReferenceBinder() {
        @Override
        public int slot(Reference reference) {
            if (reference instanceof Reference.Input) {
                return 0;
            }
            if (reference instanceof Reference.Variable variable) {
                return variable.name().equals("v") ? 1 : -1;
            }
            return reference instanceof Reference.Node node && node.id().equals("a") ? 2 : -1;
        }

        @Override
        public Collection<String> known(Reference reference) {
            return List.of("v", "value");
        }
    };

    private static final FunctionLibrary LIBRARY = TestEnvironment.LIBRARY;

    private static final Environment ENVIRONMENT =
            new TestEnvironment(slot -> slot == 0 ? INPUT : slot == 1 ? (Object) 41L : null);

    private static Object evaluate(String source) {
        return new ExpressionCompiler(BINDER, LIBRARY).compile(source).evaluate(ENVIRONMENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "input.name | \"Ada\"",
                "{'new': 1, 'for': 2, 'null': 3}.new | 1",
                "{'if': {'size': 5}}.if.size | 5",
                "{{ input.name }} | \"Ada\"",
                "v + 1 | 42",
                "vars.v + 1 | 42",
                "input.list[0] | 10",
                "input.list[-1] | 30",
                "input.list[9] | null",
                "input.list.1 | 20",
                "input['größe'] | 5",
                "input['send-mail'] | 1",
                "input.people[0].tags[0] | \"x\"",
                "input.absent | null",
                "input.absent?.deeper.still | null",
                "input.absent.deeper ?? 'd' | \"d\"",
                "input.nothing ?: 'd' | \"d\"",
                "input.no ?: 'd' | \"d\"",
                "input.zero ?: 'd' | 0",
                "input.list?[1] | 20",
                "input.absent?[1] | null",
                "nodes.a.output?.x ?? 1 | 1",
                "1 == 1.0 | true",
                "1 == '1' | false",
                "null == input.nothing | true",
                "'' == null | false",
                "[1, 2] == [1.0, 2] | true",
                "{'a': 1} == {'a': 1.00} | true",
                "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3 | true",
                "'a' < 'b' | true",
                "input.yes and not input.no | true",
                "input.no or input.nothing | false",
                "input.yes ? 1 : 2 | 1",
                "input.nothing ? 1 : 2 | 2",
                "1 + 2 * 3 - 4 | 3",
                "7 / 2 | 3.5",
                "6 / 2 | 3",
                "7 % 4 | 3",
                "0.1 + 0.2 | 0.3",
                "-input.n | -3",
                "1e3 + 2.50 | 1002.50",
                "1.0 | 1.0",
                "input.big + 1 | 9223372036854775808",
                "'a' + 1 + null | \"a1\"",
                "1 + 'a' | \"1a\"",
                "'x' + [1] | \"x[1]\"",
                "input.n =~ [1, 3] | true",
                "'name' =~ input | true",
                "'abc' =~ 'a.*' | true",
                "'abc' !~ 'b' | true",
                "input.name =^ 'A' | true",
                "input.name =$ 'a' | true",
                "input.name eq 'Ada' | true",
                "size(input.list) | 3",
                "input.name.size() | 3",
                "size('😀') | 1",
                "empty(input.absent) | true",
                "empty '' | true",
                "string(1.50) | \"1.50\"",
                "number('12.5') + 1 | 13.5",
                "boolean('true') | true",
                "now() | \"2026-01-31T08:00:00Z\"",
                "[1, 'a', null, {}] | [1,\"a\",null,{}]",
                "{'a': {'b': [1]}, 'c': input.n} | {\"a\":{\"b\":[1]},\"c\":3}",
                "{:} | {}",
                "input.text | \"{{input.name}}\"",
                "(((1))) | 1",
            })
    void evaluates(String source, String expected) {
        assertThat(Json.write(evaluate(source))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "input.nothing.deeper | 'input.nothing' is null",
                "input.name.first | 'input.name' is text, which has no field 'first'",
                "input.list.name | choose an element first",
                "input.list.length | which has no field 'length'; what it has is input.list.size()",
                "input.n < '4' | Cannot order a number and text; convert the other side with number(…)",
                "input.nothing > 1 | give null a default with ??",
                "true < false | only numbers and text have an order",
                "input.n ? 1 : 2 | Expected true or false, found a number",
                "1 && true | Expected true or false",
                "1 + true | Cannot add a number and a boolean",
                "1 - '1' | needs numbers, found text",
                "1 / 0 | Cannot divide by zero",
                "input.n =~ 'a' | Only text can match a pattern",
                "number('x') | found the text 'x'",
                "9e300 * 9e300 | 400",
            })
    void failsOnDataThatDoesNotFit(String source, String message) {
        assertThatThrownBy(() -> evaluate(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "valve | There is no variable 'valve'; did you mean 'v",
                "nodes.b.output | There is no node 'b'",
                "nodes.a | must be followed by .output, .status or .error",
                "nodes.send-mail.output | nodes['send-mail']",
                "input.send-mail | There is no variable 'mail'; known are v, value; a name that has a '-' is written in brackets",
                "input.@type | in brackets, like input['a@b']",
                "item | exists only inside a group",
                "input.name.toLowerCase() | There is no function 'toLowerCase'; what it does elsewhere, lower(…) does; docs",
                "input.list.length() | There is no function 'length'; what it does elsewhere, size(…) does",
                "sizes(input) | There is no function 'sizes'; did you mean 'size'?",
                "size(1, 2) | This is not an expression",
                "string(1, 2) | is given 2 value(s), but is type:string(value)",
                "1 .. 3 | Ranges",
                "017 | begins with 0",
                "1.5B | followed by a letter",
                "größe | Names outside strings are ASCII",
                "input.x = 1 | assignments",
                "(1 | without its closing bracket",
                "1) | closes nothing",
                "'a | has no closing '",
                "1 +  | This is not an expression",
                "{1, 2} | not part of the language",
                "input.name =~ '(' | not a regular expression",
                "input // x | Comments",
            })
    void refusesWhatIsNotInTheLanguage(String source, String message) {
        assertThatThrownBy(() -> evaluate(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(message);
    }

    static List<String> attacks() {
        return List.of(
                "''.class",
                "''.getClass()",
                "''.getClass().forName('java.lang.Runtime')",
                "new('java.io.File', '/')",
                "new java.io.File('/')",
                "java.lang.System.exit(0)",
                "Runtime.getRuntime()",
                "input.getClass().getName()",
                "while(true) {}",
                "for(x : input.list) x",
                "x -> x",
                "() -> 1",
                "function(x) { x }",
                "var x = 1",
                "x = 1",
                "input.name = 'x'",
                "input.list[0]++",
                "#pragma x",
                "@annotation 1",
                "import java.lang",
                "return 1",
                "`${input}`",
                "input.`x`",
                "1; 2",
                "{ 1 }",
                "input.list.stream()",
                "input.name.repeat(1000000)",
                "throw 'x'",
                "try { 1 } catch(e) { 2 }",
                "switch(1) { case 1: 2 }",
                "1 instanceof Long",
                "$$.x",
                "size.class",
                "~/a/",
                "input.name.bytes()",
                "a ?. b ?. c",
                "1 & 2",
                "1 | 2",
                "1 ^ 2",
                "~1",
                "1 << 2",
                "(".repeat(10_000) + "1" + ")".repeat(10_000),
                "[".repeat(24) + "]".repeat(24),
                "[".repeat(9) + "]".repeat(9),
                "x[".repeat(100) + "1" + "]".repeat(100),
                "-".repeat(15_000) + "1",
                "!".repeat(15_000) + "true",
                "1" + "+1".repeat(9_000),
                "a" + ".b".repeat(9_000),
                "1?".repeat(5_000),
                "not ".repeat(4_000) + "true",
                "1" + " ? 1 : 1".repeat(2_000),
                "'" + "a".repeat(30_000) + "'",
                "\u202Einput",
                "\uD83D",
                "\u0000",
                "\\u0041",
                "input.name =~ '(a+)+$'.x",
                "input.name =~ '((a{1000}){1000}){1000}'",
                "input.name =~ '" + "(".repeat(5_000) + ")".repeat(5_000) + "'",
                "x".repeat(10_000_000));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void attacksEndInAnErrorOrAValueWithinASecond(String source) {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            try {
                evaluate(source);
            } catch (ExpressionException e) {
                assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1_000);
            }
        });
    }

    @Test
    void aCatastrophicPatternTakesLinearTime() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThat(evaluate("'" + "a".repeat(5_000) + "!' =~ '(a+)+'"))
                        .isEqualTo(false));
    }

    @Test
    void textDoesNotGrowWithoutBound() {
        String doubling = "(" + "string(input.list) + ".repeat(300) + "'')";
        assertThat(evaluate(doubling)).isInstanceOf(String.class);
        String text = "x".repeat(10_000_000);
        Environment huge = new TestEnvironment(slot -> text);
        Expression sum = new ExpressionCompiler(BINDER, LIBRARY).compile("v + v + v");
        assertThatThrownBy(() -> sum.evaluate(huge)).hasMessageContaining("longer than");
    }

    @Test
    void columnsPointIntoTheSource() {
        assertThatThrownBy(() -> evaluate("input.n +\n\tvalve"))
                .isInstanceOfSatisfying(
                        ExpressionException.class, e -> assertThat(e.column()).isEqualTo(12));
    }

    @Test
    void usesNameWhatIsReadAndWhetherItsAbsenceIsProvidedFor() {
        Expression expression =
                new ExpressionCompiler(BINDER, LIBRARY).compile("nodes.a.output?.x + v + (nodes.a.status ?? '')");
        assertThat(expression.uses())
                .extracting(use -> use.reference().getClass().getSimpleName() + " " + use.guarded())
                .containsExactly("Node true", "Variable false", "Node true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v", "v + 1", "input.list[0]"})
    void aCompiledExpressionServesManyThreads(String source) {
        Expression expression = new ExpressionCompiler(BINDER, LIBRARY).compile(source);
        Object expected = expression.evaluate(ENVIRONMENT);
        assertThat(java.util.stream.IntStream.range(0, 10_000)
                        .parallel()
                        .mapToObj(i -> expression.evaluate(ENVIRONMENT))
                        .distinct())
                .containsExactly(expected);
    }

    @Test
    void namesOfOtherLanguagesLeadToFunctionsThatExist() {
        assertThat(ForeignNames.FUNCTIONS).allSatisfy((foreign, ours) -> {
            assertThat(LIBRARY.find(foreign)).as(foreign).isEmpty();
            assertThat(LIBRARY.find(ours)).as(ours).isNotEmpty();
        });
    }

    /** As deep as everything may be at the same time: the words must not depend on how much stack the parser had. */
    @Test
    void whatTheBoundsAllowFitsOnASmallStack() throws Exception {
        String deep = "(".repeat(90) + "true" + " ? 1 : true".repeat(49) + " ?? 2".repeat(50) + ")".repeat(90);
        String signs = "(!".repeat(90) + "!".repeat(15) + "true" + ")".repeat(90);
        String calls = "'a'" + ".upper()".repeat(390);
        String[] outcomes = new String[3];
        Thread small = new Thread(
                null,
                () -> {
                    outcomes[0] = words(deep);
                    outcomes[1] = words(signs);
                    outcomes[2] = words(calls);
                },
                "small",
                512 * 1024);
        small.start();
        small.join();
        assertThat(outcomes[0]).doesNotContain("cannot be read", "can be read");
        assertThat(outcomes[1]).isEqualTo("false");
        assertThat(outcomes[2]).isEqualTo("\"A\"");
        assertThat(words("true" + " ? 1 : true".repeat(101))).contains("More than 100 '?' stand in one expression");
        assertThat(words("null" + " ?? null".repeat(101))).contains("More than 100 '?'");
        assertThat(words("input" + "?.a".repeat(300))).isEqualTo("null");
        assertThat(words("not ".repeat(21) + "true")).contains("More than 20 signs");
        assertThat(words("- ! +".repeat(7) + "1")).contains("More than 20 signs");
        assertThat(words("1 - -1 + -1 - -1 + -1")).isEqualTo("1");
        assertThat(words("1" + " - 1".repeat(100))).isEqualTo("-99");
        assertThat(words("[" + "-1, ".repeat(50) + "1].size()")).isEqualTo("51");
    }

    private static String words(String source) {
        try {
            return Json.write(evaluate(source));
        } catch (ExpressionException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Each step once kept the text of the path before it, a hundred megabytes for this one. */
    @Test
    void aLongPathTakesNoMoreRoomThanItsText() {
        String path = "input" + ".a".repeat(9_000);
        List<Expression> kept = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            kept.add(new ExpressionCompiler(BINDER, LIBRARY).compile(path));
        }
        assertThatThrownBy(() -> kept.get(39).evaluate(ENVIRONMENT))
                .isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith("'input.a' is null");
    }
}
