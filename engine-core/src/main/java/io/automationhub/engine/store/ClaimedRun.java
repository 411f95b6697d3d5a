package io.automationhub.engine.store;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;

/**
 * A run that a process has taken.
 *
 * @param number what the store calls it
 * @param facts all that happened in it and recovery needs, in order; the first is its start
 * @param positions how many commits it has
 * @param messages those that it has not heard, in order
 * @param crashes how many processes died that had it
 */
public record ClaimedRun(
        String tenant,
        String id,
        long number,
        Workflow workflow,
        List<ExecutionFact> facts,
        int positions,
        List<Delivered> messages,
        int crashes) {

    public ClaimedRun {
        facts = List.copyOf(facts);
        messages = List.copyOf(messages);
    }

    /**
     * A message that came.
     *
     * @param execution the id of the run that it is for
     * @param id tells it from other messages to the run
     */
    public record Delivered(String tenant, String execution, String id, RunMessage message) {}
}
