/**
 * A call of a model as a user wants it: tried again when that helps, answered by another model when one cannot, with what it cost,
 * and told to listeners. What a single request is stands in {@link io.automationhub.ai.model}.
 */
@NullMarked
package io.automationhub.ai.call;

import org.jspecify.annotations.NullMarked;
