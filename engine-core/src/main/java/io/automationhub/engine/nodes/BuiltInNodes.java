package io.automationhub.engine.nodes;

import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.nodes.transform.TransformNode;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.NodeTypes;

/** Registers the built-in nodes. */
public final class BuiltInNodes {

    private BuiltInNodes() {}

    /** Adds them all to a registry. */
    public static void register(NodeExecutorRegistry.Builder registry) {
        registry.register(
                        "trigger.manual",
                        PassThrough.trigger("Manual trigger", "A run that somebody starts begins here.", "play"))
                .register(
                        "trigger.api",
                        PassThrough.trigger("API trigger", "A run that a program starts begins here.", "plug"))
                .register(NodeTypes.SCHEDULE_TRIGGER, new ScheduleTriggerNode())
                .register("condition", new ConditionNode())
                .register("switch", new SwitchNode())
                .register("action.log", new LogNode())
                .register("action.set", new SetNode())
                .register("action.calculate", new CalculateNode())
                .register("action.format", new FormatNode())
                .register("transform", new TransformNode())
                .register("binary.create", new BinaryCreateNode())
                .register("binary.read", new BinaryReadNode())
                .register("delay", new DelayNode())
                .register("wait.signal", new WaitSignalNode())
                .register(NodeTypes.APPROVAL, new ApprovalNode())
                .register("workflow.call", new CallWorkflowNode())
                .register("signal.send", new SendSignalNode())
                .register(Groups.FOR_EACH, GroupNode.FOR_EACH)
                .register(Groups.LOOP, GroupNode.LOOP)
                .register(Groups.SCOPE, GroupNode.SCOPE)
                .register("fail", new FailNode())
                .register("stop", new StopNode());
    }
}
