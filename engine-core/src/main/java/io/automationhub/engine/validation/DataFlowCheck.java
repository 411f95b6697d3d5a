package io.automationhub.engine.validation;

import io.automationhub.engine.expression.Expression;
import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.OnError;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at what expressions read: whether it is there by then, and whether it has the fields that are read. */
final class DataFlowCheck {

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final FlowGraph graph;
    private final List<Problem> problems;

    /** The schema of each node's output, and of what is {@code previous} at it; empty where nothing is known. */
    private final JsonObject[] outputs;

    private final JsonObject[] previous;

    DataFlowCheck(Workflow workflow, NodeExecutorRegistry registry, FlowGraph graph, List<Problem> problems) {
        this.workflow = workflow;
        this.registry = registry;
        this.graph = graph;
        this.problems = problems;
        outputs = new JsonObject[workflow.nodes().size()];
        previous = new JsonObject[workflow.nodes().size()];
        Arrays.fill(outputs, JsonObject.EMPTY);
        Arrays.fill(previous, JsonObject.EMPTY);
    }

    void check(List<ExpressionSite> sites) {
        findSchemas();
        for (ExpressionSite site : sites) {
            Set<String> providedFor = providedFor(site.expression());
            for (Reference.Use use : site.expression().uses()) {
                if (use.reference() instanceof Reference.Node node) {
                    checkOrder(site, use, node, providedFor);
                }
                checkFields(site, use);
            }
        }
    }

    private void findSchemas() {
        JsonObject input = workflow.inputSchema().orElse(JsonObject.EMPTY);
        for (int at : graph.order()) {
            WorkflowNode node = workflow.nodes().get(at);
            int before = graph.onlyPredecessor(at);
            previous[at] = before >= 0 ? outputs[before] : graph.isRoot(at) ? entry(at, input) : JsonObject.EMPTY;
            boolean mayBeError = node.onError() == OnError.CONTINUE;
            outputs[at] = mayBeError ? JsonObject.EMPTY : outputSchema(node, previous[at]);
        }
    }

    /** What comes to a node without a predecessor. Of items and results of iterations nothing is known. */
    private JsonObject entry(int at, JsonObject input) {
        int group = graph.group(at);
        if (group < 0) {
            return input;
        }
        return workflow.nodes().get(group).type().equals(Groups.SCOPE) ? previous[group] : JsonObject.EMPTY;
    }

    private JsonObject outputSchema(WorkflowNode node, JsonObject before) {
        return node.isDisabled()
                ? before
                : registry.find(node.type())
                        .map(executor -> executor.outputSchema(node, before))
                        .orElse(JsonObject.EMPTY);
    }

    /** An expression that once provides for a node's absence, or asks for its status, knows that it may be absent. */
    private static Set<String> providedFor(Expression expression) {
        Set<String> ids = new HashSet<>();
        for (Reference.Use use : expression.uses()) {
            if (use.reference() instanceof Reference.Node node
                    && (use.guarded() || node.part() == Reference.Part.STATUS)) {
                ids.add(node.id());
            }
        }
        return ids;
    }

    private void checkOrder(ExpressionSite site, Reference.Use use, Reference.Node read, Set<String> providedFor) {
        int source = graph.position(read.id());
        if (source < 0) {
            return;
        }
        boolean inside = site.result() && graph.group(source) == site.node();
        boolean upstream = site.node() >= 0 && graph.isUpstream(source, site.node());
        if (!inside && !upstream) {
            notUpstream(site, use, read, source);
        } else if (read.part() == Reference.Part.OUTPUT
                && !providedFor.contains(read.id())
                && !graph.hasSucceeded(source, inside ? -1 : site.node())) {
            String name = path(read);
            add(
                    ProblemCode.NOT_ON_EVERY_PATH,
                    site,
                    use,
                    "'" + read.id() + "' need not have succeeded "
                            + (inside ? "by the end" : "before '" + id(site.node()) + "' runs")
                            + ", and then " + name + " is null",
                    "write " + name + "?.field, or give a default as in " + name + " ?? 'none'");
        }
    }

    private void notUpstream(ExpressionSite site, Reference.Use use, Reference.Node read, int source) {
        int group = graph.group(source);
        String own = site.node() < 0 ? "the output" : "'" + id(site.node()) + "'";
        boolean after = site.node() >= 0 && graph.isUpstream(site.node(), source);
        String found;
        String hint;
        if (source == site.node()) {
            found = own + " reads its own result";
            hint = "what came from before is previous";
        } else if (group >= 0 && (site.node() < 0 || !graph.isInside(site.node(), group) && site.node() != group)) {
            found = "'" + read.id() + "' stands in the group '" + id(group) + "', and " + own + " outside of it";
            hint = "read what the group comes to, as nodes." + id(group) + ".output";
        } else if (site.node() >= 0 && graph.isInside(site.node(), source)) {
            found = own + " runs inside '" + read.id() + "'";
            hint = "what comes from outside is item, index, last or previous";
        } else {
            found = "'" + read.id() + "' runs " + (after ? "after" : "beside") + " " + own;
            hint = after
                    ? "read it in a node that runs later"
                    : "draw an edge so that '" + read.id() + "' leads to " + own;
        }
        add(ProblemCode.NOT_UPSTREAM, site, use, found + ", so it cannot read " + path(read), hint);
    }

    private void checkFields(ExpressionSite site, Reference.Use use) {
        if (use.path().isEmpty()) {
            return;
        }
        JsonObject schema = schema(site, use.reference());
        SchemaPath.missing(schema, use.path(), name(use.reference()))
                .ifPresent(missing -> add(ProblemCode.UNKNOWN_FIELD, site, use, missing.message(), missing.hint()));
    }

    private JsonObject schema(ExpressionSite site, Reference reference) {
        if (reference instanceof Reference.Input) {
            return workflow.inputSchema().orElse(JsonObject.EMPTY);
        }
        if (reference instanceof Reference.Previous && site.node() >= 0) {
            return previous[site.node()];
        }
        if (reference instanceof Reference.Variable variable) {
            WorkflowVariable declared = graph.variable(variable.name(), site.node());
            return declared == null || declared.schema() == null ? JsonObject.EMPTY : declared.schema();
        }
        boolean output = reference instanceof Reference.Node node
                && node.part() == Reference.Part.OUTPUT
                && graph.position(node.id()) >= 0;
        return output ? outputs[graph.position(((Reference.Node) reference).id())] : JsonObject.EMPTY;
    }

    private static String name(Reference reference) {
        if (reference instanceof Reference.Node node) {
            return path(node);
        }
        if (reference instanceof Reference.Variable variable) {
            return variable.name();
        }
        return reference instanceof Reference.Input ? "input" : "previous";
    }

    private static String path(Reference.Node node) {
        boolean plain = node.id().matches("[A-Za-z_][A-Za-z0-9_]*");
        return (plain ? "nodes." + node.id() : "nodes['" + node.id() + "']") + "."
                + node.part().name().toLowerCase(Locale.ROOT);
    }

    private String id(int node) {
        return workflow.nodes().get(node).id();
    }

    private void add(ProblemCode code, ExpressionSite site, Reference.Use use, String message, String hint) {
        problems.add(Problem.of(
                code,
                site.pointer(),
                site.node() < 0 ? null : id(site.node()),
                "Column " + site.column(use) + ": " + message,
                hint));
    }
}
