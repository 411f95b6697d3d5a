package io.automationhub.engine.validation;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at variables: who sets them, to what, who reads them, and whether two that may run at once do so. */
final class VariableUseCheck {

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final FlowGraph graph;
    private final List<Problem> problems;

    /** For each variable the nodes that read it, and those that set it with the place of the value. */
    private final Map<String, Set<Integer>> readers = new HashMap<>();

    private final Map<String, Map<Integer, String>> writers = new LinkedHashMap<>();

    VariableUseCheck(Workflow workflow, NodeExecutorRegistry registry, FlowGraph graph, List<Problem> problems) {
        this.workflow = workflow;
        this.registry = registry;
        this.graph = graph;
        this.problems = problems;
    }

    void check(List<ExpressionSite> sites, Map<String, VariableCheck> checks) {
        for (ExpressionSite site : sites) {
            for (Reference.Use use : site.expression().uses()) {
                if (use.reference() instanceof Reference.Variable variable) {
                    readers.computeIfAbsent(variable.name(), name -> new TreeSet<>())
                            .add(site.node());
                }
            }
        }
        boolean closed = true;
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            NodeExecutor executor = registry.find(node.type()).orElse(null);
            closed &= NodeTypes.isDrawing(node.type()) || executor != null && readsOnlyItsConfig(executor, node);
            if (executor != null && !node.isDisabled()) {
                readWriter(i, node, executor, checks);
            }
        }
        writers.forEach(this::checkRace);
        if (closed) {
            checkUnused();
        }
    }

    /** A host's function may read any variable, and does not say which. */
    private static boolean readsOnlyItsConfig(NodeExecutor executor, WorkflowNode node) {
        return NodeTypes.isTrigger(node.type())
                || !executor.metadata().configSchema().isEmpty();
    }

    private void readWriter(int at, WorkflowNode node, NodeExecutor executor, Map<String, VariableCheck> checks) {
        executor.variablesWritten(node).forEach((name, place) -> {
            String pointer = "/nodes/" + at + "/data/config" + place;
            writers.computeIfAbsent(name, key -> new TreeMap<>()).put(at, pointer);
            if (!workflow.variables().containsKey(name)) {
                Set<String> known = workflow.variables().keySet();
                problems.add(Problem.of(
                        ProblemCode.UNKNOWN_VARIABLE,
                        pointer,
                        node.id(),
                        "The node sets the variable '" + name + "', which the workflow does not declare"
                                + NearestName.hint(name, known),
                        known.isEmpty()
                                ? "declare it in \"variables\""
                                : "declare it in \"variables\"; known are " + String.join(", ", known)));
            } else if (checks.containsKey(name)) {
                checkConstant(checks.get(name), place, pointer, node);
            }
        });
    }

    private void checkConstant(VariableCheck check, String place, String pointer, WorkflowNode node) {
        Object value = JsonPointer.read(node.config(), place);
        if (Json.write(value).contains("{{")) {
            return;
        }
        check.objection(value)
                .ifPresent(objection -> problems.add(Problem.of(
                        ProblemCode.VARIABLE_VALUE, pointer, node.id(), objection, "give it a value of its type")));
    }

    private void checkRace(String name, Map<Integer, String> setBy) {
        Set<Integer> users = new TreeSet<>(setBy.keySet());
        users.addAll(readers.getOrDefault(name, Set.of()));
        users.remove(-1);
        setBy.forEach((writer, pointer) -> {
            for (int user : users) {
                boolean counted = setBy.containsKey(user) && user < writer;
                if (user != writer && !counted && mayRunAtOnce(writer, user)) {
                    String other = workflow.nodes().get(user).id();
                    String own = workflow.nodes().get(writer).id();
                    problems.add(Problem.of(
                            ProblemCode.VARIABLE_RACE,
                            pointer,
                            own,
                            "'" + own + "' sets the variable '" + name + "', and '" + other
                                    + "', which may run at the same" + " time, "
                                    + (setBy.containsKey(user) ? "sets" : "reads") + " it",
                            "draw an edge between the two, or use the output of a node in place of the variable"));
                    return;
                }
            }
        });
    }

    private boolean mayRunAtOnce(int one, int other) {
        return !graph.isUpstream(one, other) && !graph.isUpstream(other, one) && !graph.excludeEachOther(one, other);
    }

    private void checkUnused() {
        for (String name : workflow.variables().keySet()) {
            if (!readers.containsKey(name) && !writers.containsKey(name)) {
                problems.add(Problem.of(
                        ProblemCode.UNUSED_VARIABLE,
                        JsonPointer.child("/variables", name),
                        null,
                        "Nothing reads or sets the variable '" + name + "'",
                        "remove it, or read it as {{" + name + "}}"));
            }
        }
    }
}
