package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.ExpressionCompiler;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.internal.machine.Plan;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.validation.VariableCheck;
import io.automationhub.engine.validation.WorkflowValidator;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles a workflow once, so that a run looks up no name and parses no text. */
final class WorkflowCompiler {

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final FunctionLibrary functions;
    private final List<WorkflowNode> nodes;
    private final List<WorkflowEdge> edges;
    private final Set<String> withErrorEdge = new HashSet<>();

    private WorkflowCompiler(Workflow workflow, NodeExecutorRegistry registry, FunctionLibrary functions) {
        this.workflow = workflow;
        this.functions = functions;
        this.registry = registry;
        nodes = workflow.nodes().stream()
                .filter(node -> !NodeTypes.isDrawing(node.type()))
                .toList();
        Set<String> ids = new HashSet<>();
        nodes.forEach(node -> ids.add(node.id()));
        edges = workflow.edges().stream()
                .filter(edge -> ids.contains(edge.source()) && ids.contains(edge.target()))
                .toList();
        for (WorkflowEdge edge : edges) {
            if (edge.sourceHandle().equals(WorkflowEdge.ERROR)) {
                withErrorEdge.add(edge.source());
            }
        }
    }

    /**
     * Compiles a workflow.
     *
     * @throws InvalidWorkflowException if the validator finds an error
     */
    static CompiledWorkflow compile(Workflow workflow, NodeExecutorRegistry registry, FunctionLibrary functions) {
        List<Problem> problems = new WorkflowValidator(registry, functions).validate(workflow);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new InvalidWorkflowException("Cannot run workflow '" + workflow.id() + "'", problems);
        }
        return new WorkflowCompiler(workflow, registry, functions).compile();
    }

    private CompiledWorkflow compile() {
        List<Plan.Node> planned = nodes.stream().map(this::plan).toList();
        Plan plan = Plan.compile(
                planned,
                edges,
                workflow.settings().maxParallelism(),
                workflow.settings().cancelGrace(),
                workflow.settings().timeout());
        List<String> variables = List.copyOf(workflow.variables().keySet());
        Slots slots = new Slots(plan, variables);
        NodeProgram[] programs = new NodeProgram[plan.size()];
        for (int slot = 0; slot < programs.length; slot++) {
            programs[slot] = program(nodes.get(slot), plan, slot, slots);
        }
        ValueTemplate output =
                workflow.hasOutput() ? template(Json.of(workflow.output()), JsonObject.EMPTY, slots) : null;
        return new CompiledWorkflow(
                workflow,
                plan,
                programs,
                variables,
                checks(workflow.variables()),
                output,
                sinks(plan),
                triggers(plan),
                workflow.inputSchema().map(JsonSchema::compile).orElse(null));
    }

    private static Map<String, VariableCheck> checks(Map<String, WorkflowVariable> variables) {
        Map<String, VariableCheck> checks = new HashMap<>();
        variables.forEach((name, variable) -> checks.put(name, VariableCheck.of(variable)));
        return checks;
    }

    private Plan.Node plan(WorkflowNode node) {
        NodeExecutor executor = executor(node);
        return new Plan.Node(
                node.id(),
                registered(node).handles(node),
                isInline(node, executor),
                node.retry(),
                node.timeout(),
                onError(node),
                node.join().needed(),
                node.cancelRest());
    }

    private NodeExecutor executor(WorkflowNode node) {
        NodeExecutor registered = registered(node);
        return node.isDisabled() ? DisabledNode.of(registered.handles(node)) : registered;
    }

    private NodeExecutor registered(WorkflowNode node) {
        return registry.find(node.type()).orElseThrow();
    }

    private static boolean isInline(WorkflowNode node, NodeExecutor executor) {
        return executor.metadata().traits().inline() && node.timeout() == null;
    }

    private OnError onError(WorkflowNode node) {
        OnError policy = node.onError();
        return policy != null ? policy : withErrorEdge.contains(node.id()) ? OnError.ROUTE : OnError.FAIL;
    }

    private NodeProgram program(WorkflowNode node, Plan plan, int slot, Slots slots) {
        NodeExecutor executor = executor(node);
        NodeTraits traits = executor.metadata().traits();
        JsonObject schema = node.isDisabled()
                ? JsonObject.of("x-content", "literal")
                : executor.metadata().configSchema();
        ValueTemplate config = template(node.config(), schema, slots);
        JsonObject constant =
                config instanceof ValueTemplate.Constant known && known.value() instanceof JsonObject object
                        ? object
                        : null;
        return new NodeProgram(
                node,
                executor,
                isInline(node, executor),
                traits.pure(),
                config,
                constant,
                plan.handle(slot, WorkflowEdge.OUT));
    }

    private ValueTemplate template(@Nullable Object json, JsonObject schema, Slots slots) {
        return ValueTemplate.compile(json, schema, new ExpressionCompiler(slots, functions), problem -> {
            throw new IllegalStateException("A validated template does not compile: " + problem);
        });
    }

    private List<Integer> triggers(Plan plan) {
        return nodes.stream()
                .filter(node -> NodeTypes.isTrigger(node.type()) && !node.isDisabled())
                .map(node -> plan.slot(node.id()))
                .toList();
    }

    /** Nodes from which only an error leads on, that can be reached without an error, and do not end the scope. */
    private int[] sinks(Plan plan) {
        Set<String> reached = reachedWithoutError();
        return nodes.stream()
                .filter(node -> reached.contains(node.id()) && !NodeTypes.isEnd(node.type()))
                .mapToInt(node -> plan.slot(node.id()))
                .filter(slot -> !plan.hasSuccessor(slot))
                .toArray();
    }

    private Set<String> reachedWithoutError() {
        boolean triggered = nodes.stream().anyMatch(node -> NodeTypes.isTrigger(node.type()));
        Set<String> targets = new HashSet<>();
        edges.forEach(edge -> targets.add(edge.target()));
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>();
        for (WorkflowNode node : nodes) {
            boolean begins = triggered ? NodeTypes.isTrigger(node.type()) : !targets.contains(node.id());
            if (begins && reached.add(node.id())) {
                next.add(node.id());
            }
        }
        java.util.Map<String, List<String>> successors = new java.util.HashMap<>();
        for (WorkflowEdge edge : edges) {
            if (!edge.sourceHandle().equals(WorkflowEdge.ERROR)) {
                successors
                        .computeIfAbsent(edge.source(), source -> new ArrayList<>())
                        .add(edge.target());
            }
        }
        while (!next.isEmpty()) {
            for (String target : successors.getOrDefault(next.remove(), List.of())) {
                if (reached.add(target)) {
                    next.add(target);
                }
            }
        }
        return reached;
    }
}
