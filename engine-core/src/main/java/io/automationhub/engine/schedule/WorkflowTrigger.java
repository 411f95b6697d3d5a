package io.automationhub.engine.schedule;

import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A trigger of a published workflow: a node at which runs begin, whatever begins them. Each firing has a key by which the same one
 * is known again, so that it begins one run.
 *
 * @param version of the workflow, the newest that is not retired
 * @param node the id of the node
 * @param type of the node, such as {@code trigger.schedule}
 * @param enabled whether it begins runs
 * @param next when it fires next, as planned; null if that is not known before
 * @param last when the last run began at it; null if it began none that is known
 * @param execution that run; null if there is none
 */
public record WorkflowTrigger(
        String workflow,
        int version,
        String node,
        String type,
        Kind kind,
        boolean enabled,
        @Nullable Instant next,
        @Nullable Instant last,
        @Nullable String execution) {

    /** What lets a trigger fire, and what its firings are known by. */
    public enum Kind {
        /** Somebody by hand. */
        MANUAL,
        /** A program; by the key of its request. */
        API,
        /** A call of its address; by the key that the trigger takes from the call. */
        WEBHOOK,
        /** Its times; by the planned instant. */
        SCHEDULE,
        /** The end of another workflow's run; by the end's instant. */
        COMPLETION,
        /** Something that a connector's system tells; by the event's id. */
        EVENT;

        /** What lets a trigger fire. */
        public static Kind of(WorkflowNode node) {
            return switch (node.type()) {
                case NodeTypes.MANUAL_TRIGGER -> MANUAL;
                case "trigger.api" -> API;
                case "trigger.webhook" -> WEBHOOK;
                case NodeTypes.SCHEDULE_TRIGGER -> node.config().containsKey("after") ? COMPLETION : SCHEDULE;
                default -> EVENT;
            };
        }

        /** The name in texts and JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
