/**
 * Throughput programs for durable runs, on one PostgreSQL that flushes at every commit. {@code Contender} is an engine to
 * be measured, one class for each; the classes with a {@code main} are the measurements.
 */
package io.automationhub.benchmarks.durable;
