package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** A loop over lambdas of four classes, so that the call is not compiled away. */
final class PlainJava implements Contender {

    static final LongUnaryOperator[] STEPS = {v -> v + 1, v -> 1 + v, v -> v - -1, v -> v + 2 - 1};

    @Override
    public LongSupplier chain(int length) {
        return () -> {
            long v = 0;
            for (int i = 0; i < length; i++) {
                v = STEPS[i & 3].applyAsLong(v);
            }
            return v;
        };
    }

    @Override
    public LongSupplier fan(int width) {
        return () -> {
            long first = STEPS[0].applyAsLong(0);
            long sum = 0;
            for (int i = 0; i < width; i++) {
                sum += STEPS[i & 3].applyAsLong(first);
            }
            return sum;
        };
    }

    @Override
    public LongSupplier diamond() {
        return () -> {
            long v = STEPS[0].applyAsLong(0);
            v = v >= 0 ? STEPS[1].applyAsLong(v) : STEPS[2].applyAsLong(v);
            return STEPS[3].applyAsLong(v);
        };
    }
}
