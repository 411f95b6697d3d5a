package io.automationhub.engine;

import io.automationhub.engine.internal.runtime.EngineRuntime;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The schedules that published workflows bring along in their triggers. */
final class ScheduleTriggers {

    private final EngineRuntime runtime;
    private final String tenant;

    ScheduleTriggers(EngineRuntime runtime, String tenant) {
        this.runtime = runtime;
        this.tenant = tenant;
    }

    /** What keeps the schedules of a workflow from ever firing, as of now. */
    List<Problem> problems(Workflow workflow) {
        List<Problem> problems = new ArrayList<>();
        for (WorkflowNode node : ScheduleTrigger.nodes(workflow)) {
            ScheduleTrigger.schedule(workflow, node)
                    .filter(WorkflowSchedule::enabled)
                    .ifPresent(schedule -> runtime.schedules()
                            .scheduler()
                            .problems(tenant, schedule, node.id())
                            .forEach(found -> problems.add(inFile(workflow, node, found))));
        }
        return problems;
    }

    private static Problem inFile(Workflow workflow, WorkflowNode node, Problem found) {
        String place = "/nodes/" + workflow.nodes().indexOf(node) + "/data/config";
        return new Problem(
                found.code(), found.severity(), place + found.pointer(), found.nodeId(), found.message(), found.hint());
    }

    /**
     * Changes a workflow, and lets its schedules follow, at the latest when another process sees that this one died between.
     *
     * @param brings whether there may be schedules then, where there were none
     */
    <T> T moved(String workflow, boolean brings, Supplier<T> change) {
        return runtime.schedules().moved(tenant, workflow, brings, change);
    }
}
