/**
 * What is wrong with a workflow, all at once. The
 * {@link io.automationhub.engine.validation.WorkflowValidator} is the one place that knows graph, expressions and node
 * types together.
 */
@NullMarked
package io.automationhub.engine.validation;

import org.jspecify.annotations.NullMarked;
