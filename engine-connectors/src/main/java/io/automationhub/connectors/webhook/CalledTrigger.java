package io.automationhub.connectors.webhook;

import io.automationhub.connectors.connection.WebhookDelivery;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowNode;

/** A trigger whose runs are started by calls that come in. */
public interface CalledTrigger extends NodeExecutor {

    /**
     * What a node waits for.
     *
     * @throws IllegalArgumentException if it is not yet what it should be
     */
    WebhookConfig webhook(WorkflowNode node);

    /** Whether a call is for it; one that is not is answered, and starts nothing. */
    boolean takes(WebhookDelivery delivery);

    /**
     * The input of the run.
     *
     * @param call as {@code trigger.webhook} has it
     */
    JsonObject input(WorkflowNode node, JsonObject call);
}
