/**
 * What people, models and tools say to each other, as values that are the same for all providers. Everything here has a plain JSON
 * form, in which conversations are kept.
 */
@NullMarked
package io.automationhub.ai.message;

import org.jspecify.annotations.NullMarked;
