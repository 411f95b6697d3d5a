package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonLimits;

/**
 * How large a workflow document may be.
 *
 * @param document its bytes and levels
 * @param nodes the most nodes, drawings included
 * @param edges the most edges
 */
public record WorkflowLimits(JsonLimits document, int nodes, int edges) {

    /** 10 MB, 200 levels, 5,000 nodes, 20,000 edges. */
    public static final WorkflowLimits DEFAULT =
            new WorkflowLimits(new JsonLimits(10L * 1024 * 1024, 200), 5_000, 20_000);

    /** The machine counts a node's incoming edges in 16 bits. */
    private static final int MOST_EDGES = 65_000;

    public WorkflowLimits {
        if (nodes < 1 || edges < 1 || edges > MOST_EDGES) {
            throw new IllegalArgumentException("A workflow may have at least one node, and 1 to " + MOST_EDGES
                    + " edges, but the limits were " + nodes + " and " + edges);
        }
    }
}
