/**
 * The functions that every expression may call, by what they work on.
 * {@link io.automationhub.engine.functions.StandardFunctions} registers them.
 */
@NullMarked
package io.automationhub.engine.functions;

import org.jspecify.annotations.NullMarked;
