package io.automationhub.engine.validation;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVariable;
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

    /** A variable, and the group that declares it; -1 if it is the workflow. */
    private record Key(int owner, String name) {}

    /** For each variable the nodes that read it, and those that set it with the place of the value. */
    private final Map<Key, Set<Integer>> readers = new HashMap<>();

    private final Map<Key, Map<Integer, String>> writers = new LinkedHashMap<>();

    VariableUseCheck(Workflow workflow, NodeExecutorRegistry registry, FlowGraph graph, List<Problem> problems) {
        this.workflow = workflow;
        this.registry = registry;
        this.graph = graph;
        this.problems = problems;
    }

    void check(List<ExpressionSite> sites, Map<WorkflowVariable, VariableCheck> checks) {
        for (ExpressionSite site : sites) {
            for (Reference.Use use : site.expression().uses()) {
                if (use.reference() instanceof Reference.Variable variable) {
                    readers.computeIfAbsent(key(variable.name(), site.node()), key -> new TreeSet<>())
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

    private Key key(String name, int node) {
        return new Key(graph.owner(name, node), name);
    }

    /** A host's function may read any variable, and does not say which. */
    private static boolean readsOnlyItsConfig(NodeExecutor executor, WorkflowNode node) {
        return NodeTypes.isTrigger(node.type())
                || !executor.metadata().configSchema().isEmpty();
    }

    private void readWriter(
            int at, WorkflowNode node, NodeExecutor executor, Map<WorkflowVariable, VariableCheck> checks) {
        executor.variablesWritten(node).forEach((name, place) -> {
            String pointer = "/nodes/" + at + "/data/config" + place;
            writers.computeIfAbsent(key(name, at), key -> new TreeMap<>()).put(at, pointer);
            WorkflowVariable declared = graph.variable(name, at);
            if (declared == null) {
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
            } else if (checks.containsKey(declared)) {
                checkConstant(checks.get(declared), place, pointer, node);
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

    private void checkRace(Key variable, Map<Integer, String> setBy) {
        Set<Integer> users = new TreeSet<>(setBy.keySet());
        users.addAll(readers.getOrDefault(variable, Set.of()));
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
                            "'" + own + "' sets the variable '" + variable.name() + "', and '" + other
                                    + "', which may run at the same" + " time, "
                                    + (setBy.containsKey(user) ? "sets" : "reads") + " it",
                            "draw an edge between the two, or use the output of a node in place of the variable"));
                    return;
                }
            }
            checkIterations(variable, writer, pointer);
        });
    }

    /** What stands in a group whose iterations go on side by side may meet itself. */
    private void checkIterations(Key variable, int writer, String pointer) {
        for (int group = graph.group(writer); group >= 0 && group != variable.owner(); group = graph.group(group)) {
            if (isParallel(group)) {
                WorkflowNode around = workflow.nodes().get(group);
                String own = workflow.nodes().get(writer).id();
                problems.add(Problem.of(
                        ProblemCode.VARIABLE_RACE,
                        pointer,
                        own,
                        "'" + own + "' sets the variable '" + variable.name() + "' in iterations of '" + around.id()
                                + "' that go on at the same time",
                        "use the output of '" + around.id() + "', or declare the variable in the group"));
                return;
            }
        }
    }

    private boolean isParallel(int group) {
        Object parallel = workflow.nodes().get(group).config().get(Groups.PARALLEL);
        return parallel != null && !Long.valueOf(1).equals(parallel);
    }

    private boolean mayRunAtOnce(int writer, int user) {
        int[] pair = graph.sideBySide(writer, user);
        int one = pair[0];
        int other = pair[1];
        return one != other
                && !graph.isUpstream(one, other)
                && !graph.isUpstream(other, one)
                && !graph.excludeEachOther(one, other);
    }

    private void checkUnused() {
        checkUnused(-1, workflow.variables().keySet(), "/variables");
        for (int i = 0; i < workflow.nodes().size(); i++) {
            Set<String> own = workflow.nodes().get(i).variables().keySet();
            checkUnused(i, own, "/nodes/" + i + "/data/config/" + Groups.VARIABLES);
        }
    }

    private void checkUnused(int owner, Set<String> names, String place) {
        for (String name : names) {
            Key key = new Key(owner, name);
            if (!readers.containsKey(key) && !writers.containsKey(key)) {
                problems.add(Problem.of(
                        ProblemCode.UNUSED_VARIABLE,
                        JsonPointer.child(place, name),
                        owner < 0 ? null : workflow.nodes().get(owner).id(),
                        "Nothing reads or sets the variable '" + name + "'",
                        "remove it, or read it as {{" + name + "}}"));
            }
        }
    }
}
