/**
 * The values that flow through a workflow: immutable JSON.
 *
 * <p>A value is a {@link io.automationhub.engine.value.JsonObject}, a {@link io.automationhub.engine.value.JsonArray},
 * a {@link java.lang.String}, {@link java.lang.Boolean}, {@link java.lang.Long}, {@link java.math.BigInteger},
 * {@link java.math.BigDecimal} or {@code null}. Start at {@link io.automationhub.engine.value.Json}.
 */
@NullMarked
package io.automationhub.engine.value;

import org.jspecify.annotations.NullMarked;
