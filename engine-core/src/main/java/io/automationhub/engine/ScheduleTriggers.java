package io.automationhub.engine;

import io.automationhub.engine.internal.runtime.EngineRuntime;
import io.automationhub.engine.schedule.ScheduleConfig;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;

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
            ScheduleRule rule = ScheduleConfig.read(ScheduleTrigger.rule(node.config()), node.id())
                    .rule();
            if (rule != null && !Boolean.FALSE.equals(node.config().get("enabled"))) {
                String place = "/nodes/" + workflow.nodes().indexOf(node) + "/data/config";
                ScheduleConfig.problems(
                                rule,
                                runtime.now(),
                                runtime.schedules().scheduler().calendars(),
                                node.id())
                        .forEach(found -> problems.add(new Problem(
                                found.code(),
                                found.severity(),
                                place + found.pointer(),
                                found.nodeId(),
                                found.message(),
                                found.hint())));
            }
        }
        return problems;
    }

    /** Makes the schedules those of the newest version that is not retired. */
    void follow(String workflow) {
        List<WorkflowSchedule> wanted = runtime.definitions()
                .latest(tenant, workflow)
                .map(latest -> ScheduleTrigger.schedules(latest.workflow()))
                .orElse(List.of());
        runtime.schedules().scheduler().triggers(tenant, workflow, wanted);
        runtime.schedules().look();
    }
}
