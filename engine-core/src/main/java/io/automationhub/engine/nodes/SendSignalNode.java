package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Locale;

/** {@code signal.send}: sends a signal to a run, or to whoever waits for a name and a key. */
final class SendSignalNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "Send a signal",
                        "flow",
                        "Sends a signal to a run, which may wait for it.",
                        "megaphone",
                        List.of(WorkflowEdge.OUT),
                        ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['name'],
                     'examples': [{'name': 'paid', 'execution': '{{input.execution}}', 'data': {'amount': '{{input.amount}}'}},
                                  {'name': 'paid', 'key': '{{input.order}}'}],
                     'properties': {
                       'name': {'type': 'string', 'minLength': 1, 'description': 'The name of the signal.'},
                       'execution': {'type': 'string', 'minLength': 1, 'description': 'The id of the run.'},
                       'key': {'type': ['string', 'number'],
                               'description': 'What the sender has in common with a run that waits for name and key; it is not named then.'},
                       'data': {'description': 'What the wait for it gets.'}}}
                    """),
                        NodeTraits.EFFECTFUL_BLOCKING)
                .withOutputSchema(ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'properties': {
                      'receipt': {'enum': ['taken', 'kept', 'repeated']}}}
                    """));
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return ConfigSchemas.exactlyOne(node, "execution", "key");
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        String name = context.text("name");
        Object key = context.value("key");
        SignalReceipt receipt = key == null
                ? context.signal(context.text("execution"), name, context.value("data"))
                : context.signalByKey(name, Json.toText(key), context.value("data"));
        return switch (receipt) {
            case ENDED ->
                throw new NonRetriableException(
                        ExecutionError.KIND_SIGNAL,
                        "The signal '" + name + "' was refused: no execution '" + context.value("execution")
                                + "' goes on; use onError 'continue' or 'route' if that may be",
                        null);
            case FULL ->
                throw new RetriableException(
                        ExecutionError.KIND_SIGNAL,
                        "The signal '" + name + "' was refused: as many of that name are kept for "
                                + (key == null ? "the execution" : "its key") + " as may be; let them be waited for",
                        null,
                        null);
            default ->
                NodeResult.completed(JsonObject.of("receipt", receipt.name().toLowerCase(Locale.ROOT)));
        };
    }
}
