package io.automationhub.engine.nodes;

import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.nodes.transform.TransformStep;
import io.automationhub.engine.schedule.ScheduleConfig;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.NodeTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Nodes for {@link io.automationhub.engine.workflow.WorkflowBuilder}; meant to be imported statically. */
public final class Nodes {

    private Nodes() {}

    /** A node of a type of the host's own, or of a module's. */
    public static NodeSpec node(String id, String type) {
        return NodeSpec.of(id, type);
    }

    /** A run that somebody starts by hand begins here. */
    public static NodeSpec manualTrigger(String id) {
        return NodeSpec.of(id, "trigger.manual");
    }

    /** A run begins here at the times of a rule. */
    public static NodeSpec scheduleTrigger(String id, ScheduleRule rule) {
        return NodeSpec.of(id, NodeTypes.SCHEDULE_TRIGGER).with(ScheduleConfig.write(rule));
    }

    /** A run that a program starts begins here. */
    public static NodeSpec apiTrigger(String id) {
        return NodeSpec.of(id, "trigger.api");
    }

    /** Goes on by {@code true} or {@code false}, as the expression says. */
    public static NodeSpec condition(String id, String expression) {
        return NodeSpec.of(id, "condition").with("when", expression);
    }

    /** A case of a switch: the handle it goes on by, and the expression that decides. */
    public record Case(String handle, String when) {}

    /** A case of a switch. */
    public static Case choice(String handle, String expression) {
        return new Case(handle, expression);
    }

    /** Goes on by the handle of the first case that holds, or by {@code default}. */
    public static NodeSpec switchOn(String id, Case... cases) {
        return NodeSpec.of(id, "switch").with("cases", json(cases));
    }

    /** Goes on by the handles of all cases that hold, or by {@code default} if none does. */
    public static NodeSpec switchAll(String id, Case... cases) {
        return NodeSpec.of(id, "switch").with("mode", "all").with("cases", json(cases));
    }

    private static List<Map<String, String>> json(Case... cases) {
        List<Map<String, String>> list = new ArrayList<>();
        for (Case each : cases) {
            list.add(Map.of("handle", each.handle(), "when", each.when()));
        }
        return list;
    }

    /** Writes a line to the workflow's log; {@code message} is a template. */
    public static NodeSpec log(String id, String message) {
        return NodeSpec.of(id, "action.log").with("message", message);
    }

    /** Writes a line of some level. */
    public static NodeSpec log(String id, WorkflowLog.Level level, String message) {
        return log(id, message).with("level", level.name().toLowerCase(Locale.ROOT));
    }

    /** Sets workflow variables; the values are templates. */
    public static NodeSpec set(String id, Map<String, ?> values) {
        return NodeSpec.of(id, "action.set").with("values", values);
    }

    /** Computes an object; the values are expressions. */
    public static NodeSpec calculate(String id, Map<String, String> expressions) {
        return NodeSpec.of(id, "action.calculate").with("values", expressions);
    }

    /** Renders a template: text, or any JSON with templates in it. */
    public static NodeSpec format(String id, Object template) {
        return NodeSpec.of(id, "action.format").with("template", template);
    }

    /**
     * Takes a list through steps; the list is the output of the node before, unless {@code source} is set to another:
     * {@code transform("paid", step("filter").with("when", "item.paid")).with("source", "{{input.orders}}")}.
     */
    public static NodeSpec transform(String id, TransformStep... steps) {
        return NodeSpec.of(id, "transform")
                .with("steps", Arrays.stream(steps).map(TransformStep::config).toList());
    }

    /** Keeps text as a file of the run; the output is the file's reference. */
    public static NodeSpec createFile(String id, String name, Object content) {
        return NodeSpec.of(id, "binary.create").with("name", name).with("content", content);
    }

    /** Reads the file whose reference the template {@code file} yields, as text. */
    public static NodeSpec readFile(String id, String file) {
        return NodeSpec.of(id, "binary.read").with("file", file);
    }

    /** Waits. */
    public static NodeSpec delay(String id, Duration duration) {
        return NodeSpec.of(id, "delay").with("duration", duration.toString());
    }

    /** Waits until an instant: ISO-8601 with offset, or a template of it. */
    public static NodeSpec delayUntil(String id, String instant) {
        return NodeSpec.of(id, "delay").with("until", instant);
    }

    /** Waits until the run is sent the first of these signals; its output is {@code {name, data}}. */
    public static NodeSpec waitForSignal(String id, String... names) {
        return names.length == 1
                ? NodeSpec.of(id, "wait.signal").with("name", names[0])
                : NodeSpec.of(id, "wait.signal").with("names", List.of(names));
    }

    /** Sends a signal to the run whose id the template {@code execution} yields. */
    public static NodeSpec sendSignal(String id, String name, String execution) {
        return NodeSpec.of(id, "signal.send").with("name", name).with("execution", execution);
    }

    /** Sends a signal to whoever waits for this name and the key that the template {@code key} yields. */
    public static NodeSpec sendSignalByKey(String id, String name, String key) {
        return NodeSpec.of(id, "signal.send").with("name", name).with("key", key);
    }

    /** Waits until somebody decides; {@code when("approved", …)}, {@code "rejected"} and {@code "timeout"} say what follows. */
    public static NodeSpec approval(String id, String title) {
        return NodeSpec.of(id, NodeTypes.APPROVAL).with("title", title);
    }

    /** Runs the latest version of a published workflow with what comes to the node, and waits for its end. */
    public static NodeSpec callWorkflow(String id, String workflow) {
        return NodeSpec.of(id, "workflow.call").with("workflow", workflow);
    }

    /** Fails its scope with an error of this kind. */
    public static NodeSpec fail(String id, String kind, String message) {
        return NodeSpec.of(id, "fail").with("kind", kind).with("message", message);
    }

    /** Ends the run as succeeded, with this output. */
    public static NodeSpec stop(String id, Object output) {
        return NodeSpec.of(id, "stop").with("output", output);
    }

    /** Ends the run as failed. */
    public static NodeSpec stopFailed(String id, String message) {
        return NodeSpec.of(id, "stop").with("status", "failure").with("message", message);
    }
}
