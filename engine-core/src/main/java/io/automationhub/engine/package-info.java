/**
 * The engine: build a {@link io.automationhub.engine.WorkflowEngine}, give it a
 * {@link io.automationhub.engine.workflow.Workflow}, and get a {@link io.automationhub.engine.WorkflowExecution}.
 */
@NullMarked
package io.automationhub.engine;

import org.jspecify.annotations.NullMarked;
