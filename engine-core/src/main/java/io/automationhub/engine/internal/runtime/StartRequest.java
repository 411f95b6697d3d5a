package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.workflow.Workflow;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of a run to be started.
 *
 * @param trigger the id of the trigger to begin at; null to let the workflow decide
 * @param variables values of variables, in place of their defaults
 */
public record StartRequest(
        Workflow workflow,
        String tenant,
        @Nullable Object input,
        @Nullable String trigger,
        Map<String, ?> variables) {}
