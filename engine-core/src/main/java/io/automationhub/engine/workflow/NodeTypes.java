package io.automationhub.engine.workflow;

import java.util.Set;

/** The types of nodes that the graph itself gives a meaning to, beside those that only an executor knows. */
public final class NodeTypes {

    /** The trigger of a run that somebody starts by hand; preferred when a start names none. */
    public static final String MANUAL_TRIGGER = "trigger.manual";

    /** The trigger at which a run begins when its rule says so. */
    public static final String SCHEDULE_TRIGGER = "trigger.schedule";

    /** The node that waits for somebody's decision. */
    public static final String APPROVAL = "approval";

    /** Every type that begins with this is a trigger. */
    private static final String TRIGGER_PREFIX = "trigger.";

    private static final Set<String> GROUPS = Set.of("forEach", "loop", "scope");
    private static final Set<String> DRAWINGS = Set.of("group", "note");
    private static final Set<String> ENDS = Set.of("fail", "stop");

    private NodeTypes() {}

    /** Whether a run can begin at nodes of this type. */
    public static boolean isTrigger(String type) {
        return type.startsWith(TRIGGER_PREFIX);
    }

    /** Whether nodes of this type contain others and run them. */
    public static boolean isGroup(String type) {
        return GROUPS.contains(type);
    }

    /** Whether nodes of this type are drawn and mean nothing. */
    public static boolean isDrawing(String type) {
        return DRAWINGS.contains(type);
    }

    /** Whether nodes of this type end their scope, so that nothing can follow. */
    public static boolean isEnd(String type) {
        return ENDS.contains(type);
    }
}
