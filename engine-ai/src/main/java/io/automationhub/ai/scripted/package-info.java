/** Answers from a file in the place of a model: for tests, examples and runs without a key. */
@NullMarked
package io.automationhub.ai.scripted;

import org.jspecify.annotations.NullMarked;
