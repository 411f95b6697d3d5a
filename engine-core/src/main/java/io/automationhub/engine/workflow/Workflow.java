package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A workflow: a document, and the graph that it describes. Immutable.
 *
 * <p>A workflow may be a draft: {@link #problems} says what is wrong with the shape of its document, and a validator
 * what is wrong with its meaning. Two workflows are equal when they mean the same: layout, labels, notes, the ids of
 * edges, the order of keys and the spelling of numbers do not count, see {@link #hash}.
 */
public final class Workflow {

    private final JsonObject document;
    private final Parts parts;
    private final List<Problem> problems;
    private final Map<String, WorkflowNode> byId = new LinkedHashMap<>();

    /** The group of nodes with a parent, by the parent's id; empty for none. Filled as it is asked for. */
    private final Map<String, String> groups = new ConcurrentHashMap<>();

    /** The nodes that run only to undo what others did. */
    private final Set<String> handlers = new HashSet<>();

    private volatile @Nullable String hash;

    /** What a document describes. */
    record Parts(
            String id,
            @Nullable String name,
            Map<String, WorkflowVariable> variables,
            @Nullable JsonObject inputSchema,
            WorkflowSettings settings,
            List<WorkflowNode> nodes,
            List<WorkflowEdge> edges) {}

    Workflow(JsonObject document, Parts parts, List<Problem> problems) {
        this.document = document;
        this.parts = parts;
        this.problems = List.copyOf(problems);
        for (WorkflowNode node : parts.nodes()) {
            byId.putIfAbsent(node.id(), node);
            if (node.compensateWith() != null) {
                handlers.add(node.compensateWith());
            }
        }
    }

    /** A new workflow, written in Java. */
    public static WorkflowBuilder builder(String id) {
        return new WorkflowBuilder(id);
    }

    /** The workflow that a document describes. */
    static Workflow of(JsonObject document, WorkflowLimits limits) {
        return new DocumentParser(document, limits).parse();
    }

    /** The document: what was read, or what the builder wrote. Numbers keep their text. */
    public JsonObject document() {
        return document;
    }

    /** Its id; empty if the document has none. */
    public String id() {
        return parts.id();
    }

    /** What people call it: its name, or its id. */
    public String name() {
        String name = parts.name();
        return name == null ? id() : name;
    }

    /** The declared variables by name, in order. */
    public Map<String, WorkflowVariable> variables() {
        return parts.variables();
    }

    /** The JSON Schema that a run's input must match. */
    public Optional<JsonObject> inputSchema() {
        return Optional.ofNullable(parts.inputSchema());
    }

    /** Whether it says what a run's output is; otherwise it is that of the last node. */
    public boolean hasOutput() {
        return document.containsKey("output");
    }

    /** The template of a run's output, any JSON; null also if there is none. */
    public @Nullable Object output() {
        return document.get("output");
    }

    /** Settings of the whole. */
    public WorkflowSettings settings() {
        return parts.settings();
    }

    /** The nodes in the document's order. */
    public List<WorkflowNode> nodes() {
        return parts.nodes();
    }

    /** The edges in the document's order. */
    public List<WorkflowEdge> edges() {
        return parts.edges();
    }

    /** The node with that id; the first if a draft has several. */
    public Optional<WorkflowNode> node(String nodeId) {
        return Optional.ofNullable(byId.get(nodeId));
    }

    /** Whether a node runs only to undo what another one did. */
    public boolean isCompensation(WorkflowNode node) {
        return handlers.contains(node.id());
    }

    /** The innermost group that runs a node; empty if none does. Drawings around it do not count. */
    public Optional<String> enclosingGroup(WorkflowNode node) {
        String parent = node.parentId();
        return parent == null ? Optional.empty() : Optional.ofNullable(groupAt(parent));
    }

    /** What a node whose parent has that id stands in; null if there are only drawings around it. */
    private @Nullable String groupAt(String parent) {
        String known = groups.get(parent);
        if (known == null) {
            known = findGroup(parent);
            groups.put(parent, known);
        }
        return known.isEmpty() ? null : known;
    }

    private String findGroup(String parent) {
        String at = parent;
        for (int steps = 0; at != null && steps <= nodes().size(); steps++) {
            WorkflowNode group = byId.get(at);
            if (group == null || NodeTypes.isGroup(group.type())) {
                return at;
            }
            String known = group.parentId() == null ? null : groups.get(group.parentId());
            if (known != null) {
                return known;
            }
            at = group.parentId();
        }
        return "";
    }

    /** What is wrong with the shape of the document: missing and mistyped fields. Empty for one that was built. */
    public List<Problem> problems() {
        return problems;
    }

    /** The version: SHA-256, in hexadecimal, over everything that has a meaning when the workflow runs. */
    public String hash() {
        String known = hash;
        if (known == null) {
            known = CanonicalForm.sha256(this);
            hash = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Workflow that && hash().equals(that.hash());
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return "Workflow[" + id() + ", " + nodes().size() + " nodes]";
    }
}
