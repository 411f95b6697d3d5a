package io.automationhub.engine.testkit;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a {@link ScriptedNode}.
 *
 * @param key the idempotency key: {@code execution/node/iteration}
 * @param input the run's input
 */
public record NodeCall(
        String execution,
        String node,
        String key,
        int attempt,
        JsonObject config,
        @Nullable Object input) {}
