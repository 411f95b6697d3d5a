package io.automationhub.engine.workflow;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a workflow in Java. It gives the same value as a file with the same content. Not for use by several threads. */
public final class WorkflowBuilder extends Flow<WorkflowBuilder> {

    private final Graph graph;
    private final String id;
    private @Nullable String name;
    private JsonObject variables = JsonObject.EMPTY;
    private JsonObject settings = JsonObject.EMPTY;
    private @Nullable JsonObject input;
    private @Nullable Object output;

    WorkflowBuilder(String id) {
        this(id, new Graph());
    }

    private WorkflowBuilder(String id, Graph graph) {
        super(graph, null, List.of());
        this.id = id;
        this.graph = graph;
    }

    @Override
    WorkflowBuilder self() {
        return this;
    }

    /** What people call the workflow. */
    public WorkflowBuilder name(String title) {
        name = title;
        return this;
    }

    /** Adds a node at which runs begin. What follows continues from it, and from all others that were started. */
    public WorkflowBuilder start(NodeSpec trigger) {
        startAt(trigger);
        return this;
    }

    /** Connects two nodes by the default handle. */
    public WorkflowBuilder edge(String source, String target) {
        graph.connect(source, null, target);
        return this;
    }

    /** Connects two nodes by a handle of the first. */
    public WorkflowBuilder edge(String source, String handle, String target) {
        graph.connect(source, handle, target);
        return this;
    }

    /** Declares a variable with a default, which may be null. */
    public WorkflowBuilder variable(String variable, WorkflowVariable.Type type, @Nullable Object defaultValue) {
        JsonObject.Builder declaration = JsonObject.builder().put("type", type.text());
        variables = variables.with(
                variable, declaration.putIfPresent("default", defaultValue).build());
        return this;
    }

    /** Declares a variable whose values must match a JSON Schema. */
    public WorkflowBuilder variable(
            String variable, WorkflowVariable.Type type, @Nullable Object defaultValue, Map<String, ?> schema) {
        variable(variable, type, defaultValue);
        JsonObject declaration = Json.object(variables.get(variable));
        variables = variables.with(variable, declaration.with("schema", Json.object(schema)));
        return this;
    }

    /** Declares a variable that every start must set. */
    public WorkflowBuilder requiredVariable(String variable, WorkflowVariable.Type type) {
        JsonObject.Builder declaration =
                JsonObject.builder().put("type", type.text()).put("required", true);
        variables = variables.with(variable, declaration.build());
        return this;
    }

    /** The JSON Schema that a run's input must match. */
    public WorkflowBuilder input(Map<String, ?> schema) {
        input = Json.object(schema);
        return this;
    }

    /** The template of a run's output: any JSON. */
    public WorkflowBuilder output(Object template) {
        output = Json.of(template);
        return this;
    }

    /** The most time a run may take. */
    public WorkflowBuilder timeout(Duration timeout) {
        settings = settings.with("timeout", timeout.toString());
        return this;
    }

    /** How many attempts of one run may take a thread at the same time. */
    public WorkflowBuilder maxParallelism(int attempts) {
        settings = settings.with("maxParallelism", attempts);
        return this;
    }

    /** How long a cancelled attempt may go on before it is abandoned. */
    public WorkflowBuilder cancelGrace(Duration grace) {
        settings = settings.with("cancelGrace", grace.toString());
        return this;
    }

    /** How many runs of it that no other run called may be unfinished at the same time. */
    public WorkflowBuilder limit(int runs) {
        settings = settings.with("limit", runs);
        return this;
    }

    /** How many attempts that take a thread may run at the same time in all runs that name this limit. */
    public WorkflowBuilder limit(String name, int attempts) {
        return namedLimit(name, attempts);
    }

    /**
     * How many attempts that take a thread may begin within some time in all runs that name this limit with the same time: in
     * any stretch that is so long.
     *
     * @param attempts 1 to {@link Limit#MOST_OF_RATE}
     * @param per a millisecond to {@link Limit#LONGEST}
     */
    public WorkflowBuilder rate(String name, int attempts, Duration per) {
        return namedLimit(name, JsonObject.of("most", attempts).with("per", per.toString()));
    }

    private WorkflowBuilder namedLimit(String name, Object limit) {
        JsonObject known = settings.get("limits") instanceof JsonObject all ? all : JsonObject.EMPTY;
        settings = settings.with("limits", known.with(name, limit));
        return this;
    }

    /** What a durable store keeps of a run while it goes on; all of it unless set. */
    public WorkflowBuilder durability(Durability level) {
        settings = settings.with("durability", level.name().toLowerCase(Locale.ROOT));
        return this;
    }

    /** Which run goes first if several wait for a limit: the one with the higher number; 0 unless set. */
    public WorkflowBuilder priority(int priority) {
        settings = settings.with("priority", priority);
        return this;
    }

    /** The published workflow that runs when a run of this one failed. */
    public WorkflowBuilder errorWorkflow(String workflowId) {
        settings = settings.with("errorWorkflow", workflowId);
        return this;
    }

    /**
     * The workflow.
     *
     * @throws InvalidWorkflowException if two nodes have the same id, or an edge names a node that was not added; what
     *     else may be wrong is reported when the workflow is validated or run
     */
    public Workflow build() {
        check();
        JsonObject.Builder document = JsonObject.builder()
                .put("format", DocumentParser.FORMAT)
                .put("id", id)
                .putIfPresent("name", name)
                .putIfPresent("variables", variables.isEmpty() ? null : variables)
                .putIfPresent("input", input)
                .putIfPresent("output", output)
                .putIfPresent("settings", settings.isEmpty() ? null : settings)
                .put("nodes", JsonArray.of(graph.nodes.toArray()))
                .put("edges", JsonArray.of(graph.edges.toArray()));
        return Workflow.of(document.build(), WorkflowLimits.DEFAULT);
    }

    private void check() {
        List<Problem> problems = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (String node : graph.ids) {
            if (!known.add(node)) {
                problems.add(Problem.of(
                        ProblemCode.DUPLICATE_ID, "", node, "The id '" + node + "' was used twice", "rename one node"));
            }
        }
        for (JsonObject edge : graph.edges) {
            for (String end : List.of("source", "target")) {
                String node = String.valueOf(edge.get(end));
                if (!known.contains(node)) {
                    problems.add(Problem.of(
                            ProblemCode.DANGLING_EDGE,
                            "",
                            null,
                            "An edge's " + end + " '" + node + "' was not added",
                            "add the node, or correct the id"));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidWorkflowException("Cannot build workflow '" + id + "'", problems);
        }
    }
}
