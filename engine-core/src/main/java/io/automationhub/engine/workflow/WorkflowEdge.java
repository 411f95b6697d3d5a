package io.automationhub.engine.workflow;

import org.jspecify.annotations.Nullable;

/**
 * An edge of the graph.
 *
 * @param id its id in the document; null if it has none
 * @param source the id of the node it leaves
 * @param sourceHandle the handle it leaves by; {@code out} if the document names none
 * @param target the id of the node it leads to
 */
public record WorkflowEdge(@Nullable String id, String source, String sourceHandle, String target) {

    /** The handle of an edge that names none. */
    public static final String OUT = "out";

    /** The handle that every node has for its failure. */
    public static final String ERROR = "error";
}
