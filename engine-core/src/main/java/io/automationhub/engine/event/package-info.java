/**
 * What happened in a run: its statuses, and the facts that the journal keeps and listeners hear of. A
 * {@link io.automationhub.engine.event.EngineListener} receives {@link io.automationhub.engine.event.ExecutionEvent}s,
 * each of which carries one {@link io.automationhub.engine.event.ExecutionFact}.
 */
@NullMarked
package io.automationhub.engine.event;

import org.jspecify.annotations.NullMarked;
