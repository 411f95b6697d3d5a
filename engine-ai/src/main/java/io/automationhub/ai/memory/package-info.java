/** What agents remember of what was said: conversations in a document store, and how much of one a model is told. */
@NullMarked
package io.automationhub.ai.memory;

import org.jspecify.annotations.NullMarked;
