package io.automationhub.engine.schedule;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The schedules of a workflow's own triggers of the type {@code trigger.schedule}. */
public final class ScheduleTrigger {

    private static final Set<String> BESIDE_THE_RULE = Set.of("enabled", "input");

    private ScheduleTrigger() {}

    /** What the configuration of a trigger says of when. */
    public static JsonObject rule(JsonObject config) {
        JsonObject.Builder rule = JsonObject.builder();
        config.forEach((key, value) -> {
            if (!BESIDE_THE_RULE.contains(key)) {
                rule.put(key, value);
            }
        });
        return rule.build();
    }

    /** The triggers of a workflow that are schedules and not disabled. */
    public static List<WorkflowNode> nodes(Workflow workflow) {
        return workflow.nodes().stream()
                .filter(node -> node.type().equals(NodeTypes.SCHEDULE_TRIGGER) && !node.isDisabled())
                .toList();
    }

    /** The schedules of a workflow's triggers; one that is not in order has none. */
    public static List<WorkflowSchedule> schedules(Workflow workflow) {
        return nodes(workflow).stream()
                .flatMap(node -> schedule(workflow, node).stream())
                .toList();
    }

    /** The schedule of a trigger; empty if that is not in order. */
    public static Optional<WorkflowSchedule> schedule(Workflow workflow, WorkflowNode node) {
        ScheduleConfig.Reading reading = ScheduleConfig.read(rule(node.config()), node.id());
        return Optional.ofNullable(reading.rule())
                .map(rule -> WorkflowSchedule.of(id(workflow.id(), node.id()), workflow.id(), rule)
                        .trigger(node.id())
                        .input(node.config().get("input"))
                        .enabled(!Boolean.FALSE.equals(node.config().get("enabled"))));
    }

    /** The id of a trigger's schedule, which is readable unless it would be too long. */
    public static String id(String workflow, String node) {
        String name = workflow + "/" + node;
        String id = WorkflowSchedule.OF_TRIGGERS + name;
        return id.length() <= WorkflowSchedule.MOST_ID
                ? id
                : WorkflowSchedule.OF_TRIGGERS + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a schedule belongs to a trigger, so that it changes with its workflow. */
    public static boolean isOne(WorkflowSchedule schedule) {
        return schedule.id().startsWith(WorkflowSchedule.OF_TRIGGERS);
    }
}
