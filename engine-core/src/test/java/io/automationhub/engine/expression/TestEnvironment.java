package io.automationhub.engine.expression;

import io.automationhub.engine.functions.StandardFunctions;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** Slots that hold what a test puts there, and a time that stands still. */
record TestEnvironment(IntFunction<Object> slots) implements Environment {

    /** The functions of the language. */
    static final FunctionLibrary LIBRARY = StandardFunctions.library();

    /** Knows {@code input}, in slot 0, and nothing else. */
    static final ReferenceBinder INPUT_ONLY = new ReferenceBinder() {
        @Override
        public int slot(Reference reference) {
            return reference instanceof Reference.Input ? 0 : -1;
        }

        @Override
        public Collection<String> known(Reference reference) {
            return List.of();
        }
    };

    @Override
    public Object read(int slot) {
        return slots.apply(slot);
    }

    @Override
    public long epochMicros() {
        return Instant.parse("2026-01-31T08:00:00Z").toEpochMilli() * 1000;
    }

    @Override
    public RandomGenerator random() {
        return new SplittableRandom(1);
    }
}
