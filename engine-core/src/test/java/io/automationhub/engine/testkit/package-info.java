/** What tests of workflows and of extensions need: a clock that is set by hand, and contract suites. */
@org.jspecify.annotations.NullMarked
package io.automationhub.engine.testkit;
