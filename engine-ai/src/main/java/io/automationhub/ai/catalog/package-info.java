/** What is known of models, as data with a date: what they take, and what they cost. A host adds and overrides. */
@NullMarked
package io.automationhub.ai.catalog;

import org.jspecify.annotations.NullMarked;
