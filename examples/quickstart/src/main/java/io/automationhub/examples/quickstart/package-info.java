/** Small programs that show one feature each. */
@org.jspecify.annotations.NullMarked
package io.automationhub.examples.quickstart;
