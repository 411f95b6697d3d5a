package io.automationhub.engine.nodes;

import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;

/** {@code wait.signal}: waits, without a thread, until the run is sent one of some signals, or for a time at most. */
final class WaitSignalNode implements NodeExecutor {

    private static final String TIMEOUT = "timeout";

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "Wait for a signal",
                        "flow",
                        "Waits until the run is sent a signal, or for a time at most.",
                        "bell",
                        List.of(WorkflowEdge.OUT, TIMEOUT),
                        ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false,
                     'examples': [{'name': 'paid', 'expires': '2d'}, {'names': ['accepted', 'refused']},
                                  {'name': 'paid', 'key': '{{input.order}}', 'expires': '2d'}],
                     'properties': {
                       'name': {'type': 'string', 'minLength': 1, 'description': 'The name of the signal.'},
                       'names': {'type': 'array', 'minItems': 1, 'items': {'type': 'string', 'minLength': 1},
                                 'description': 'The names of several signals; the first that comes counts.'},
                       'key': {'type': ['string', 'number'],
                               'description': 'For a signal that is sent to name and key, not to this run: what it has in common with the sender.'},
                       'expires': {'type': ['string', 'object'], 'x-format': 'duration',
                                   'description': 'How long at most; then it goes on by timeout, and its output is null.'}}}
                    """),
                        NodeTraits.PURE_INLINE)
                .withOutputSchema(ConfigSchemas.of("""
                    {'type': ['object', 'null'], 'additionalProperties': false, 'properties': {
                      'name': {'type': 'string'}, 'data': {}}}
                    """));
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return ConfigSchemas.exactlyOne(node, "name", "names");
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        Woken woken = context.wake().orElse(null);
        if (woken instanceof Woken.BySignal signal) {
            JsonObject output = JsonObject.builder()
                    .put("name", signal.name())
                    .put("data", signal.data())
                    .build();
            return NodeResult.completed(output);
        }
        return woken == null ? new NodeResult.Suspended(wakes(context)) : NodeResult.completed(null, TIMEOUT);
    }

    private static List<Wake> wakes(ExecutionContext context) {
        Object key = context.value("key");
        List<String> names = context.value("names") instanceof JsonArray list
                ? list.stream().map(Json::toText).toList()
                : List.of(context.text("name"));
        List<Wake> wakes = new ArrayList<>();
        for (String name : names) {
            wakes.add(key == null ? Wake.signal(name) : Wake.signal(name, Json.toText(key)));
        }
        Object expires = context.value("expires");
        if (expires != null) {
            wakes.add(Wake.at(context.now().plus(DelayNode.duration(expires))));
        }
        return wakes;
    }
}
