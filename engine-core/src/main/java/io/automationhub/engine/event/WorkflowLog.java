package io.automationhub.engine.event;

import java.time.Instant;

/**
 * A line that a node wrote for the people who operate the workflow.
 *
 * @param node the node that wrote it
 */
public record WorkflowLog(Instant at, Level level, String node, String message) {

    /** How important a line is. */
    public enum Level {
        /** For those who look for a fault. */
        DEBUG,
        /** What is expected to happen. */
        INFO,
        /** Unusual, and the run goes on. */
        WARN,
        /** Something that somebody should look at. */
        ERROR
    }
}
