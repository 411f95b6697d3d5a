package io.automationhub.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.value.Json;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every function with random values: it gives a value, or fails in words that were written for it, and soon. */
@Tag("campaign")
class FunctionFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 42L);

    private static final int CALLS = Integer.getInteger("fuzz.calls", 200);

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "2.5",
            "1e300",
            "-1e300",
            "1e-300",
            "2147483648",
            "-9223372036854775808",
            "123456789012345678901234567890",
            "''",
            "'a'",
            "' '",
            "'größe 😀'",
            "'😀'",
            "'%'",
            "'%zz'",
            "'='",
            "'a b,c'",
            "'2026-01-31'",
            "'2026-02-29'",
            "'2026-01-31T08:00:00Z'",
            "'+999999999-12-31'",
            "'9999-12-31'",
            "'0000-01-01'",
            "'Europe/Berlin'",
            "'de'",
            "'dd.MM.yyyy'",
            "\"yyyy-MM-dd'T'\"",
            "'{'",
            "'#,##0.00'",
            "'0.0.0'",
            "'('",
            "'a*'",
            "'(a)(b)?'",
            "'[1]'",
            "'{\"a\":1}'",
            "'x'.padEnd(1000)",
            "[]",
            "[1,2,3]",
            "['a','b']",
            "[1,'a',null]",
            "[[1,2],[3]]",
            "[null]",
            "{}",
            "{'a':1}",
            "{'a':{'b':2}}",
            "[{'a':1},{'a':2}]",
            "[{'a':1},{}]",
            "[['k',1]]",
            "['k']",
            "[{'key':'k','value':1}]",
            "'days'",
            "'months'",
            "'halfUp'",
            "'years'");

    private static final List<String> EACH = List.of(
            "item", "item.a", "index", "item > 1", "'a'", "'a.b'", "item == null", "[item]", "'x' + item", "null", "1");

    private static final Environment ENVIRONMENT = new TestEnvironment(slot -> null);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final FunctionLibrary library = TestEnvironment.LIBRARY;
    private final ExpressionCompiler compiler = new ExpressionCompiler(TestEnvironment.INPUT_ONLY, library);

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Mostly what the parameter asks for, because everything else is refused at once. */
    private String argument(ExpressionFunction.Parameter parameter) {
        if (!parameter.choices().isEmpty() && random.nextInt(4) > 0) {
            return "'" + one(parameter.choices()) + "'";
        }
        if (parameter.type() == ValueType.EACH) {
            return one(EACH);
        }
        String value = one(VALUES);
        for (int i = 0; i < 20 && !parameter.type().accepts(literal(value)); i++) {
            value = one(VALUES);
        }
        return value;
    }

    private Object literal(String source) {
        return compiler.compile(source).evaluate(ENVIRONMENT);
    }

    private String call(ExpressionFunction function) {
        StringBuilder call = new StringBuilder(function.namespace() + ":" + function.name() + "(");
        int count = 0;
        for (ExpressionFunction.Parameter parameter : function.parameters()) {
            if (parameter.optional() && random.nextBoolean()) {
                break;
            }
            call.append(count++ == 0 ? "" : ", ").append(argument(parameter));
        }
        return call.append(')').toString();
    }

    @Test
    void noFunctionFailsInWordsThatNobodyWrote() {
        int values = 0;
        int calls = 0;
        for (ExpressionFunction function : library.functions()) {
            for (int i = 0; i < CALLS; i++) {
                String source = call(function);
                calls++;
                long begin = System.nanoTime();
                try {
                    Object value = compiler.compile(source).evaluate(ENVIRONMENT);
                    values++;
                    assertThat(Json.of(value)).as("seed %d: %s", SEED, source).isEqualTo(value);
                } catch (ExpressionException e) {
                    assertThat(e.getMessage())
                            .as("seed %d: %s", SEED, source)
                            .doesNotContain("failed: ", "java.", "Exception");
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .as("seed %d: %s", SEED, source)
                        .isLessThan(Duration.ofSeconds(2));
            }
        }
        assertThat(values).as("calls that give a value").isGreaterThan(calls / 2);
    }
}
