/**
 * Benchmarks of runs in memory. {@code Contender} is an engine to be measured, one class for each; the {@code …Benchmark}
 * classes are the shapes.
 */
package io.automationhub.benchmarks.memory;
