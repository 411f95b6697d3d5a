package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.expression.ExpressionCompiler;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.Reference;
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
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.OnCrash;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The bodies of distributed groups, by their ids. */
    private final Map<String, CompiledWorkflow> parts = new HashMap<>();

    /** The nodes that stand in each group, by its id; those in none under an empty one. */
    private final Map<String, List<WorkflowNode>> byGroup = new HashMap<>();

    private WorkflowCompiler(Workflow workflow, NodeExecutorRegistry registry, FunctionLibrary functions) {
        this.workflow = workflow;
        this.functions = functions;
        this.registry = registry;
        nodes = workflow.nodes().stream()
                .filter(node -> !NodeTypes.isDrawing(node.type()))
                .toList();
        Set<String> ids = new HashSet<>();
        for (WorkflowNode node : nodes) {
            ids.add(node.id());
            if (workflow.isCompensation(node)) {
                continue;
            }
            byGroup.computeIfAbsent(workflow.enclosingGroup(node).orElse(""), group -> new ArrayList<>())
                    .add(node);
        }
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
        List<String> variables = List.copyOf(workflow.variables().keySet());
        List<WorkflowNode> outermost = inside(null);
        Slots slots = Slots.top(positions(outermost), variables);
        ValueTemplate output =
                workflow.hasOutput() ? template(Json.of(workflow.output()), JsonObject.EMPTY, slots) : null;
        CompiledScope top = scope(
                0,
                outermost,
                slots,
                workflow.variables(),
                output,
                null,
                workflow.settings().timeout());
        Map<String, List<String>> groups = new HashMap<>();
        for (WorkflowNode node : nodes) {
            groups.put(node.id(), groupsAround(node));
        }
        return new CompiledWorkflow(
                workflow,
                top,
                groups,
                triggers(top.plan()),
                hasApprovals(),
                parts,
                workflow.inputSchema().map(JsonSchema::compile).orElse(null));
    }

    private boolean hasApprovals() {
        return nodes.stream().anyMatch(node -> node.type().equals(NodeTypes.APPROVAL));
    }

    /** The body of a distributed group, as the outermost scope of a run of its own; what it reads from around it. */
    private int[] part(WorkflowNode group, Slots outer) {
        List<WorkflowNode> here = inside(group.id());
        List<Reference> captures = new ArrayList<>();
        Slots slots = Slots.part(group, positions(here), captures);
        JsonObject written = Groups.inBody(group.config());
        ValueTemplate own = template(written, registered(group).metadata().configSchema(), slots);
        ValueTemplate output = written.containsKey(Groups.OUTPUT) ? own.at(Groups.OUTPUT) : null;
        CompiledScope top = scope(0, here, slots, group.variables(), output, null, null);
        Map<String, List<String>> groups = new HashMap<>();
        for (WorkflowNode node : nodes) {
            List<String> around = groupsAround(node);
            int at = around.indexOf(group.id());
            if (at >= 0) {
                groups.put(node.id(), around.subList(at + 1, around.size()));
            }
        }
        parts.put(group.id(), new CompiledWorkflow(workflow, top, groups, List.of(), hasApprovals(), parts, null));
        return captures.stream().mapToInt(outer::slot).toArray();
    }

    /** The nodes that stand in a group, or in none. */
    private List<WorkflowNode> inside(@Nullable String group) {
        return byGroup.getOrDefault(group == null ? "" : group, List.of());
    }

    private List<String> groupsAround(WorkflowNode node) {
        Deque<String> around = new ArrayDeque<>();
        Optional<String> group = workflow.enclosingGroup(node);
        while (group.isPresent()) {
            around.addFirst(group.get());
            group = workflow.enclosingGroup(workflow.node(group.get()).orElseThrow());
        }
        return List.copyOf(around);
    }

    private static Map<String, Integer> positions(List<WorkflowNode> here) {
        Map<String, Integer> positions = new HashMap<>();
        here.forEach(node -> positions.put(node.id(), positions.size()));
        return positions;
    }

    private CompiledScope scope(
            int level,
            List<WorkflowNode> here,
            Slots slots,
            Map<String, WorkflowVariable> variables,
            @Nullable ValueTemplate output,
            @Nullable GroupProgram group,
            @Nullable Duration timeout) {
        @Nullable CompiledScope[] bodies = new CompiledScope[here.size()];
        List<Plan.Node> planned = new ArrayList<>();
        for (int slot = 0; slot < bodies.length; slot++) {
            WorkflowNode node = here.get(slot);
            bodies[slot] = isGroup(node) ? body(level, node, slots) : null;
            planned.add(plan(node, bodies[slot] == null ? null : bodies[slot].plan()));
        }
        List<WorkflowEdge> inner = edgesAmong(here);
        Plan plan = Plan.compile(
                planned,
                inner,
                workflow.settings().maxParallelism(),
                workflow.settings().cancelGrace(),
                timeout);
        NodeProgram[] programs = new NodeProgram[bodies.length];
        for (int slot = 0; slot < programs.length; slot++) {
            programs[slot] = program(here.get(slot), plan, slot, slots);
        }
        @Nullable CompiledScope[] handlers = new CompiledScope[bodies.length];
        for (int slot = 0; slot < programs.length; slot++) {
            handlers[slot] = handler(level, here.get(slot), slots);
        }
        return new CompiledScope(
                level,
                plan,
                programs,
                List.copyOf(variables.keySet()),
                checks(variables),
                output,
                sinks(here, inner, plan),
                bodies,
                handlers,
                group);
    }

    /** What undoes a node; it sees what the node's scope sees when the node has succeeded. */
    private @Nullable CompiledScope handler(int level, WorkflowNode node, Slots slots) {
        String id = node.compensateWith();
        if (id == null || node.isDisabled()) {
            return null;
        }
        WorkflowNode handler = workflow.node(id).orElseThrow();
        Plan plan = Plan.compile(
                List.of(plan(handler, null)),
                List.of(),
                workflow.settings().maxParallelism(),
                workflow.settings().cancelGrace(),
                null);
        NodeProgram[] programs = {program(handler, plan, 0, slots).keepingConfig()};
        return new CompiledScope(
                level + 1,
                plan,
                programs,
                List.of(),
                Map.of(),
                null,
                new int[0],
                new CompiledScope[1],
                new CompiledScope[1],
                null);
    }

    private static boolean isGroup(WorkflowNode node) {
        return NodeTypes.isGroup(node.type()) && !node.isDisabled() && !Groups.isDistributed(node);
    }

    private CompiledScope body(int level, WorkflowNode group, Slots outer) {
        List<WorkflowNode> here = inside(group.id());
        Slots slots = outer.body(group, positions(here));
        JsonObject written = Groups.inBody(group.config());
        ValueTemplate own = template(written, registered(group).metadata().configSchema(), slots);
        ValueTemplate output = written.containsKey(Groups.OUTPUT) ? own.at(Groups.OUTPUT) : null;
        return scope(level + 1, here, slots, group.variables(), output, groupProgram(group, own), null);
    }

    private static GroupProgram groupProgram(WorkflowNode group, ValueTemplate own) {
        if (group.type().equals(Groups.FOR_EACH)) {
            return new GroupProgram.ForEach(GroupProgram.onItemError(group));
        }
        if (group.type().equals(Groups.LOOP)) {
            boolean before = group.config().containsKey(Groups.WHILE);
            Object most = group.config().get(Groups.MAX_ITERATIONS);
            return new GroupProgram.Loop(
                    own.at(before ? Groups.WHILE : Groups.UNTIL),
                    before,
                    most instanceof Number number ? number.intValue() : Groups.DEFAULT_MAX_ITERATIONS);
        }
        return new GroupProgram.Once();
    }

    private List<WorkflowEdge> edgesAmong(List<WorkflowNode> here) {
        Set<String> ids = new HashSet<>();
        here.forEach(node -> ids.add(node.id()));
        return edges.stream().filter(edge -> ids.contains(edge.source())).toList();
    }

    private static Map<String, VariableCheck> checks(Map<String, WorkflowVariable> variables) {
        Map<String, VariableCheck> checks = new HashMap<>();
        variables.forEach((name, variable) -> checks.put(name, VariableCheck.of(variable)));
        return checks;
    }

    private Plan.Node plan(WorkflowNode node, @Nullable Plan body) {
        NodeExecutor executor = executor(node);
        return new Plan.Node(
                node.id(),
                registered(node).handles(node),
                body != null || isInline(node, executor),
                node.retry(),
                node.timeout(),
                onError(node),
                node.join().needed(),
                node.cancelRest(),
                executor.passesThrough(),
                node.onCrash() == OnCrash.FAIL && body == null,
                body);
    }

    private NodeExecutor executor(WorkflowNode node) {
        if (Groups.isDistributed(node)) {
            return DistributedForEach.INSTANCE;
        }
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
                : registered(node).metadata().configSchema();
        boolean distributed = Groups.isDistributed(node);
        ValueTemplate config =
                template(isGroup(node) || distributed ? Groups.outside(node.config()) : node.config(), schema, slots);
        JsonObject constant =
                config instanceof ValueTemplate.Constant known && known.value() instanceof JsonObject object
                        ? object
                        : null;
        boolean inline = isInline(node, executor);
        boolean keepsConfig = !inline || !traits.pure() || node.retry().maxAttempts() > 1 || isGroup(node);
        return new NodeProgram(
                node,
                executor,
                inline,
                traits.pure(),
                config,
                constant,
                plan.handle(slot, WorkflowEdge.OUT),
                isGroup(node),
                keepsConfig,
                distributed ? part(node, slots) : null);
    }

    private ValueTemplate template(@Nullable Object json, JsonObject schema, Slots slots) {
        return ValueTemplate.compile(json, schema, new ExpressionCompiler(slots, functions), problem -> {
            throw new IllegalStateException("A validated template does not compile: " + problem);
        });
    }

    private List<Integer> triggers(Plan plan) {
        return inside(null).stream()
                .filter(node -> NodeTypes.isTrigger(node.type()) && !node.isDisabled())
                .map(node -> plan.slot(node.id()))
                .toList();
    }

    /** Nodes from which only an error leads on, that can be reached without an error, and do not end the scope. */
    private static int[] sinks(List<WorkflowNode> here, List<WorkflowEdge> edges, Plan plan) {
        Set<String> reached = reachedWithoutError(here, edges);
        return here.stream()
                .filter(node -> reached.contains(node.id()) && !NodeTypes.isEnd(node.type()))
                .mapToInt(node -> plan.slot(node.id()))
                .filter(slot -> !plan.hasSuccessor(slot))
                .toArray();
    }

    private static Set<String> reachedWithoutError(List<WorkflowNode> here, List<WorkflowEdge> edges) {
        boolean triggered = here.stream().anyMatch(node -> NodeTypes.isTrigger(node.type()));
        Set<String> targets = new HashSet<>();
        edges.forEach(edge -> targets.add(edge.target()));
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>();
        for (WorkflowNode node : here) {
            boolean begins = triggered ? NodeTypes.isTrigger(node.type()) : !targets.contains(node.id());
            if (begins && reached.add(node.id())) {
                next.add(node.id());
            }
        }
        Map<String, List<String>> successors = new HashMap<>();
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
