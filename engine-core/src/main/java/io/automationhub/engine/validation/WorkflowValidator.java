package io.automationhub.engine.validation;

import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds everything that is wrong with a workflow. The same problems come from a builder's workflow, a file, an API and
 * an editor. Safe for use by several threads.
 */
public final class WorkflowValidator {

    private final NodeExecutorRegistry registry;
    private final FunctionLibrary functions;

    /** A validator that knows the node types of {@code registry} and the functions of {@code functions}. */
    public WorkflowValidator(NodeExecutorRegistry registry, FunctionLibrary functions) {
        this.registry = registry;
        this.functions = functions;
    }

    /** All problems, errors and warnings, in the order of the document's parts. Empty if there are none. */
    public List<Problem> validate(Workflow workflow) {
        List<Problem> problems = new ArrayList<>(workflow.problems());
        boolean shallow = new GraphCheck(workflow, registry, problems).check();
        new NodeCheck(workflow, registry, problems).check();
        new CompensationCheck(workflow, registry, problems).check();
        if (!shallow) {
            return List.copyOf(problems);
        }
        new DistributionCheck(workflow, registry, problems).check();
        ContentCheck content = new ContentCheck(workflow, registry, functions, problems);
        content.check();
        FlowGraph graph = new FlowGraph(workflow, registry);
        new DataFlowCheck(workflow, registry, graph, problems).check(content.sites());
        new VariableUseCheck(workflow, registry, graph, problems).check(content.sites(), content.variables());
        return List.copyOf(problems);
    }
}
