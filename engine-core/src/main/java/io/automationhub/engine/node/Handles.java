package io.automationhub.engine.node;

import io.automationhub.engine.workflow.WorkflowEdge;
import java.util.List;

/** The list that nearly every result has, made once. */
final class Handles {

    static final List<String> OUT = List.of(WorkflowEdge.OUT);

    private Handles() {}
}
