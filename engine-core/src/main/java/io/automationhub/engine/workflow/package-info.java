/**
 * Workflows as values: graph, settings, JSON. A {@link io.automationhub.engine.workflow.Workflow} is built with its
 * builder or read by {@link io.automationhub.engine.workflow.WorkflowJson}; both give the same value. What is wrong with
 * one is a list of {@link io.automationhub.engine.workflow.Problem}s.
 */
@NullMarked
package io.automationhub.engine.workflow;

import org.jspecify.annotations.NullMarked;
