package io.automationhub.benchmarks.data;

import java.util.Map;
import java.util.function.Supplier;

/** What an expression language is asked to do, over the same order, and what must come of it. */
public enum Task {
    /** Whether {@code order.total} is more than 100. */
    CONDITION(true),
    /** Text with three holes. */
    TEMPLATE("Hello Ada, order 4711: 129.5"),
    /** Ten functions, one after the other, over a text. */
    FUNCTIONS("IDI LIVILICI");

    private final Object expected;

    Task(Object expected) {
        this.expected = expected;
    }

    /** The data: {@code {"name", "id", "text", "order": {"total"}}}. */
    static Map<String, Object> order() {
        return Map.of("name", "Ada", "id", 4711, "text", "  Dada Lovelace of London ", "order", Map.of("total", 129.5));
    }

    /** {@code work}, if it computes the right thing. */
    Supplier<Object> checked(Supplier<Object> work) {
        for (int i = 0; i < 3; i++) {
            Object result = work.get();
            if (!String.valueOf(expected).equals(String.valueOf(result))) {
                throw new IllegalStateException(this + " came to " + result + " instead of " + expected);
            }
        }
        return work;
    }
}
