package io.automationhub.benchmarks.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A loop over lambdas that keep the counter in a map: the least that an engine with named state does. */
final class MapState implements Contender {

    @Override
    public LongSupplier chain(int length) {
        return () -> {
            Map<String, Object> state = new HashMap<>();
            state.put("v", 0L);
            for (int i = 0; i < length; i++) {
                state.put("v", PlainJava.STEPS[i & 3].applyAsLong((Long) state.get("v")));
            }
            return (Long) state.get("v");
        };
    }
}
