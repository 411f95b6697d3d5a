package io.automationhub.connectors.webhook;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;

/**
 * Where a call may go.
 *
 * @param called the trigger's executor
 *
 * @param test whether the workflow is a draft
 * @param path what the named parts of the path are
 */
record Target(
        Workflow workflow,
        boolean test,
        WorkflowNode trigger,
        CalledTrigger called,
        WebhookConfig config,
        JsonObject path) {}
