/**
 * What goes wrong, as exceptions and as data. {@link io.automationhub.engine.error.EngineException} is the root of all
 * exceptions of the engine; a node says by {@link io.automationhub.engine.error.RetriableException} or
 * {@link io.automationhub.engine.error.NonRetriableException} whether trying again can help; an
 * {@link io.automationhub.engine.error.ExecutionError} is what a failed node or run keeps.
 */
@NullMarked
package io.automationhub.engine.error;

import org.jspecify.annotations.NullMarked;
