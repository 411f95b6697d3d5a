package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The path along which a workflow is written. It has open ends: the places from which the next node continues. A node
 * that follows continues from all of them, so that branches join again.
 *
 * @param <F> the type that its methods return
 */
public abstract sealed class Flow<F extends Flow<F>> permits WorkflowBuilder, Flow.Body {

    private final Graph graph;
    private final @Nullable String parentId;
    private List<End> open;
    private @Nullable String branching;
    private boolean branched;

    Flow(Graph graph, @Nullable String parentId, List<End> open) {
        this.graph = graph;
        this.parentId = parentId;
        this.open = new ArrayList<>(open);
    }

    abstract F self();

    /** Adds a node that continues from all open ends. */
    public F then(NodeSpec node) {
        graph.add(node, parentId);
        open.forEach(end -> graph.connect(end.source(), end.handle(), node.id()));
        open = new ArrayList<>(List.of(new End(node.id(), null)));
        branching = node.id();
        branched = false;
        return self();
    }

    /**
     * Adds a node that nothing leads to or from: one that {@link NodeSpec#compensateWith} names, or that
     * {@link WorkflowBuilder#edge} connects.
     */
    public F add(NodeSpec node) {
        graph.add(node, parentId);
        return self();
    }

    /**
     * Says what follows when the node before takes {@code handle}: the nodes, one after the other. Without nodes the
     * handle leads straight to what comes after the branches. A handle that no {@code when} names leads nowhere.
     */
    public F when(String handle, NodeSpec... chain) {
        return when(handle, body -> {
            for (NodeSpec node : chain) {
                body.then(node);
            }
        });
    }

    /** Says what follows when the node before takes {@code handle}, as a path of its own. */
    public F when(String handle, Consumer<Body> branch) {
        if (branching == null) {
            throw new IllegalStateException(
                    "when(\"" + handle + "\") needs a node before it; call then(condition(…)) first");
        }
        if (!branched) {
            open.clear();
            branched = true;
        }
        Body body = new Body(graph, parentId, List.of(new End(branching, handle)));
        branch.accept(body);
        open.addAll(body.ends());
        return self();
    }

    /** Adds nodes that all continue from the open ends and run side by side. */
    public F parallel(NodeSpec... nodes) {
        List<Consumer<Body>> branches = new ArrayList<>();
        for (NodeSpec node : nodes) {
            branches.add(body -> body.then(node));
        }
        return parallel(branches);
    }

    /** Adds paths that all continue from the open ends and run side by side. */
    public F parallel(List<Consumer<Body>> branches) {
        List<End> ends = new ArrayList<>();
        for (Consumer<Body> branch : branches) {
            Body body = new Body(graph, parentId, open);
            branch.accept(body);
            ends.addAll(body.ends());
        }
        open = ends;
        branching = null;
        return self();
    }

    /** Adds a group that runs its body for each element of the list that {@code items} yields. */
    public F forEach(String id, String items, Consumer<Body> body) {
        return group(NodeSpec.of(id, "forEach").with("items", items), body);
    }

    /** Adds a group that runs its body as long as {@code condition} holds. */
    public F loop(String id, String condition, Consumer<Body> body) {
        return group(NodeSpec.of(id, "loop").with("while", condition), body);
    }

    /** Adds a group that runs its body once and is the border of its errors. */
    public F scope(String id, Consumer<Body> body) {
        return group(NodeSpec.of(id, "scope"), body);
    }

    /** Adds a group and what stands in it. */
    public F group(NodeSpec group, Consumer<Body> body) {
        then(group);
        body.accept(new Body(graph, group.id(), List.of()));
        return self();
    }

    List<End> ends() {
        return open;
    }

    void startAt(NodeSpec node) {
        graph.add(node, parentId);
        open.add(new End(node.id(), null));
        branching = node.id();
        branched = false;
    }

    /** A place from which the next node continues; a null handle is the default one. */
    record End(String source, @Nullable String handle) {}

    /** A path inside another one: a branch, or the body of a group. */
    public static final class Body extends Flow<Body> {

        Body(Graph graph, @Nullable String parentId, List<End> open) {
            super(graph, parentId, open);
        }

        @Override
        Body self() {
            return this;
        }
    }

    /** The nodes and edges that were added so far. */
    static final class Graph {

        final List<String> ids = new ArrayList<>();
        final List<JsonObject> nodes = new ArrayList<>();
        final List<JsonObject> edges = new ArrayList<>();

        void add(NodeSpec node, @Nullable String parentId) {
            ids.add(node.id());
            nodes.add(node.toJson(parentId));
        }

        void connect(String source, @Nullable String handle, String target) {
            edges.add(JsonObject.builder()
                    .put("id", "e" + (edges.size() + 1))
                    .put("source", source)
                    .putIfPresent("sourceHandle", handle)
                    .put("target", target)
                    .build());
        }
    }
}
