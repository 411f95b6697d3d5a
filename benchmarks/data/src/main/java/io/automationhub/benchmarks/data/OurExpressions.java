package io.automationhub.benchmarks.data;

import io.automationhub.engine.expression.Environment;
import io.automationhub.engine.expression.ExpressionCompiler;
import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ReferenceBinder;
import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** This engine's expressions. */
final class OurExpressions implements Language {

    /** The input is all there is to read. */
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

    private static final ExpressionCompiler COMPILER = new ExpressionCompiler(BINDER, StandardFunctions.library());

    private final Environment environment = new Environment() {
        private final Object[] slots = {Json.of(Task.order())};
        private final RandomGenerator random = new SplittableRandom(1);

        @Override
        public Object read(int slot) {
            return slots[slot];
        }

        @Override
        public long epochMicros() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    };

    @Override
    public Supplier<Object> condition() {
        return expression("input.order.total > 100");
    }

    @Override
    public Supplier<Object> template() {
        ValueTemplate template = ValueTemplate.compile(
                "Hello {{input.name}}, order {{input.id}}: {{input.order.total}}",
                JsonObject.EMPTY,
                COMPILER,
                problem -> {
                    throw new IllegalStateException(problem.message());
                });
        return () -> template.render(environment);
    }

    @Override
    public Supplier<Object> functions() {
        return expression("input.text.trim().lower().replace('a', 'i').slice(1).replace('e', 'i').replace('o', 'i')"
                + ".replace('u', 'i').slice(0, 12).upper().trim()");
    }

    private Supplier<Object> expression(String source) {
        var expression = COMPILER.compile(source);
        return () -> expression.evaluate(environment);
    }
}
