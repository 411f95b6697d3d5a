/**
 * The shell around the machine: threads, timers, journal, events. An
 * {@link io.automationhub.engine.internal.runtime.EngineRuntime} owns what all runs share; an
 * {@link io.automationhub.engine.internal.runtime.Execution} is one run, which has one writer at a time and advances in
 * turns.
 */
@NullMarked
package io.automationhub.engine.internal.runtime;

import org.jspecify.annotations.NullMarked;
