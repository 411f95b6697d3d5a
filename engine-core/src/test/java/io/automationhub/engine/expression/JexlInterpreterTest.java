package io.automationhub.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.value.Json;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What we compile, JEXL's interpreter computes, too, with our operators: the same value, or a failure where we fail. Four
 * things differ by intention: a step beyond null fails although what is absent at the end of a path is null (JEXL knows only
 * both or neither); {@code ??} gives a default for what is absent, but not for a field of a number (JEXL does unless there are
 * brackets); {@code ?:} takes the other value for null and false alone; and {@code &&} and {@code ||} give true or
 * false (JEXL gives the operand, so {@code !(!(…))} stands around them here).
 */
@Tag("campaign")
class JexlInterpreterTest {

    private static final int EXPRESSIONS = Integer.getInteger("jexl.expressions", 20_000);

    private static final long SEED = Long.getLong("jexl.seed", 20_260_131L);

    private static final Object INPUT = Json.parse("""
            {"n": 3, "zero": 0, "half": 0.5, "minus": -7, "big": 9223372036854775807, "huge": 123456789012345678901234567890,
             "text": "hello", "empty": "", "digits": "12", "yes": true, "no": false, "nothing": null,
             "list": [1, 2.5, "x", null, [1]], "none": [], "numbers": [3, 1, 2], "texts": ["he", "hello"],
             "object": {"a": 1, "b": {"c": "deep", "d": [10, 20]}, "text": "in"}, "bare": {}}
            """);

    /** Writes expressions of the subset that both languages share. */
    private static final class Writer {

        private static final List<String> FIELDS = List.of(
                "n",
                "zero",
                "half",
                "minus",
                "big",
                "huge",
                "text",
                "empty",
                "digits",
                "yes",
                "no",
                "nothing",
                "list",
                "none",
                "numbers",
                "texts",
                "object",
                "bare",
                "absent",
                "object.a",
                "object.b.c",
                "object.b.d",
                "object.text",
                "object.absent",
                "list[0]",
                "list[1]",
                "list[-1]",
                "list[9]",
                "object.b.d[1]",
                "object['b']",
                "list[input.zero]",
                "object[input.text]",
                "nothing.x",
                "absent.x.y",
                "absent?.x",
                "nothing?.x?.y",
                "object?.b",
                "list[4][0]",
                "n.x",
                "text.x",
                "list.x",
                "yes[0]",
                "object[0]",
                "list['x']",
                "list[0.5]");

        private static final List<String> LITERALS = List.of(
                "0",
                "1",
                "2",
                "3",
                "10",
                "0.5",
                "2.5",
                "100000000000",
                "9223372036854775808",
                "''",
                "'hello'",
                "'he'",
                "'12'",
                "'a\\'b'",
                "\"x\"",
                "true",
                "false",
                "null",
                "[]",
                "[1, 2.5, 'x']",
                "{}",
                "{'a': 1}",
                "'h.*'");

        private static final List<String> BINARY = List.of(
                "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "=~", "!~", "=^", "=$", "eq", "ne", "lt",
                "??");

        private static final List<String> LOGIC = List.of("&&", "||", "and", "or");

        private final SplittableRandom random;

        Writer(SplittableRandom random) {
            this.random = random;
        }

        private String one(List<String> of) {
            return of.get(random.nextInt(of.size()));
        }

        String write(int depth) {
            int kind = depth == 0 ? random.nextInt(2) : random.nextInt(13);
            return switch (kind) {
                case 0 -> one(LITERALS);
                case 1 -> "input." + one(FIELDS);
                case 2 -> "!(" + write(depth - 1) + ")";
                case 3 -> "-(" + write(depth - 1) + ")";
                case 4 -> "(" + write(depth - 1) + ") ? (" + write(depth - 1) + ") : (" + write(depth - 1) + ")";
                case 5 -> "[" + write(depth - 1) + ", " + write(depth - 1) + "]";
                case 6 -> "{'k': " + write(depth - 1) + ", 'l': " + write(depth - 1) + "}";
                case 7 -> (random.nextBoolean() ? "size(" : "empty(") + write(depth - 1) + ")";
                case 8 -> "!(!((" + write(depth - 1) + ") " + one(LOGIC) + " (" + write(depth - 1) + ")))";
                case 9 -> write(depth - 1) + " " + one(BINARY.subList(0, BINARY.size() - 1)) + " " + write(depth - 1);
                default -> "(" + write(depth - 1) + ") " + one(BINARY) + " (" + write(depth - 1) + ")";
            };
        }
    }

    private static final Environment ENVIRONMENT = new TestEnvironment(slot -> INPUT);

    private final JexlInterpreter lenient = new JexlInterpreter(true, INPUT);
    private final JexlInterpreter strict = new JexlInterpreter(false, INPUT);

    /** A value, or that there is none. */
    private record Outcome(boolean failed, boolean absence, Object value, String message) {

        static Outcome of(java.util.function.Supplier<Object> evaluation) {
            try {
                return new Outcome(false, false, evaluation.get(), "");
            } catch (ExpressionException e) {
                return new Outcome(true, e.isAbsence(), null, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                return new Outcome(true, false, null, String.valueOf(e.getMessage()));
            }
        }

        boolean sameAs(Outcome other) {
            return failed == other.failed && (failed || Operators.equal(value, other.value));
        }
    }

    @Test
    void compiledExpressionsComputeWhatJexlsInterpreterDoes() {
        SplittableRandom random = new SplittableRandom(SEED);
        int failures = 0;
        int absences = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String source = new Writer(random.split()).write(random.nextInt(4));
            Outcome ours = Outcome.of(() -> new ExpressionCompiler(TestEnvironment.INPUT_ONLY, TestEnvironment.LIBRARY)
                    .compile(source)
                    .evaluate(ENVIRONMENT));
            Outcome theirs = Outcome.of(() -> (ours.absence() ? strict : lenient).evaluate(source));
            assertThat(ours.sameAs(theirs))
                    .as("seed %d, expression %d: %s%n ours: %s%n theirs: %s", SEED, i, source, ours, theirs)
                    .isTrue();
            failures += ours.failed() ? 1 : 0;
            absences += ours.absence() ? 1 : 0;
        }
        assertThat(failures).as("failures").isBetween(EXPRESSIONS / 10, EXPRESSIONS * 8 / 10);
        assertThat(absences).as("steps beyond null").isBetween(EXPRESSIONS / 100, EXPRESSIONS / 4);
    }
}
