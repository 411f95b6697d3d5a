package io.automationhub.engine.node;

import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The executors of an engine by type. Immutable; {@link #builder} makes one. */
public final class NodeExecutorRegistry {

    private final Map<String, NodeExecutor> executors;

    private NodeExecutorRegistry(Map<String, NodeExecutor> executors) {
        this.executors = new TreeMap<>(executors);
    }

    /** A registry that is empty yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** The executor of a type. */
    public Optional<NodeExecutor> find(String type) {
        return Optional.ofNullable(executors.get(type));
    }

    /** Whether a node can be run: its type is there, in its version or a newer one. */
    public boolean runs(WorkflowNode node) {
        NodeExecutor executor = executors.get(node.type());
        return executor != null && executor.metadata().version() >= node.typeVersion();
    }

    /** What is needed to run a workflow and is not here: types, with their versions where these are newer; empty if it runs. */
    public List<String> lacks(Workflow workflow) {
        return workflow.nodes().stream()
                .filter(node -> !NodeTypes.isDrawing(node.type()) && !runs(node))
                .map(node -> node.typeVersion() > 1 ? node.type() + " version " + node.typeVersion() : node.type())
                .distinct()
                .sorted()
                .toList();
    }

    /** All types, sorted. */
    public Collection<String> types() {
        return java.util.Collections.unmodifiableSet(executors.keySet());
    }

    /** Collects executors; not for use by several threads. */
    public static final class Builder {

        private final Map<String, NodeExecutor> executors = new TreeMap<>();

        private Builder() {}

        /**
         * Registers an executor.
         *
         * @throws IllegalArgumentException if the type is taken, or belongs to the graph itself
         */
        public Builder register(String type, NodeExecutor executor) {
            if (type.isBlank()) {
                throw new IllegalArgumentException("A node type needs a name such as 'pager.alert', found a blank one");
            }
            if (executors.putIfAbsent(type, executor) != null) {
                throw new IllegalArgumentException(
                        "Cannot register the node type '" + type + "' twice; choose another name for one of the two");
            }
            return this;
        }

        /** Registers a function. */
        public Builder register(String type, NodeTraits traits, NodeFunction function) {
            return register(type, new FunctionExecutor(NodeMetadata.HOST.withTraits(traits), function));
        }

        /** The registry. */
        public NodeExecutorRegistry build() {
            return new NodeExecutorRegistry(executors);
        }
    }

    /** A host's function as an executor. */
    private record FunctionExecutor(NodeMetadata metadata, NodeFunction function) implements NodeExecutor {

        @Override
        public NodeResult execute(WorkflowNode node, ExecutionContext context) throws Exception {
            Object result = function.apply(context);
            return result instanceof NodeResult ready ? ready : NodeResult.completed(result);
        }
    }
}
