/**
 * A seeded simulator of the machine: random graphs, random results, random order of events, checked step by step against
 * a reference interpreter that shares no code with it.
 */
@org.jspecify.annotations.NullMarked
package io.automationhub.engine.simulator;
