/**
 * What tests of workflows and of extensions need. A {@link io.automationhub.engine.testkit.TestEngine} runs workflows on a
 * {@link io.automationhub.engine.testkit.ManualClock}, with {@link io.automationhub.engine.testkit.ScriptedNode}s in place of
 * what has effects, and lets its process die where a test wants; {@link io.automationhub.engine.testkit.RunAssert} says what is
 * expected of a run. The contract suites are for those who write a store.
 */
@org.jspecify.annotations.NullMarked
package io.automationhub.engine.testkit;
