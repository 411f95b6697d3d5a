package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The value of an expression in a place where a boolean decides. */
final class Truth {

    static final List<String> TRUE = List.of("true");
    static final List<String> FALSE = List.of("false");

    private Truth() {}

    static boolean of(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value == null) {
            return false;
        }
        throw new NonRetriableException(
                ExecutionError.KIND_EXPRESSION,
                "Expected true or false, found " + Json.typeName(value)
                        + "; compare it, as in count > 0, text != '' or empty(list)",
                null);
    }
}
