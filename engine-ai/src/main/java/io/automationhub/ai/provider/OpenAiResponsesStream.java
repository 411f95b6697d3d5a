package io.automationhub.ai.provider;

import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Puts the <a href="https://platform.openai.com/docs/api-reference/responses-streaming">stream of Responses</a> together. Its last
 * event has the whole answer; items count by their place, because some servers change their ids on the way.
 */
final class OpenAiResponsesStream implements StreamAssembly {

    private final OpenAiResponses protocol;
    private final Consumer<ModelDelta> listener;
    private final Map<Long, JsonObject> items = new TreeMap<>();
    private final Map<Long, Integer> calls = new HashMap<>();
    private final StringBuilder said = new StringBuilder();
    private JsonObject response = JsonObject.EMPTY;
    private boolean complete;

    OpenAiResponsesStream(OpenAiResponses protocol, Consumer<ModelDelta> listener) {
        this.protocol = protocol;
        this.listener = listener;
    }

    @Override
    public void accept(JsonObject event) {
        long place = Answers.count(event, "output_index");
        String delta = Answers.text(event, "delta");
        switch (Answers.text(event, "type")) {
            case "response.created", "response.in_progress" -> response = Answers.object(event.get("response"));
            case "response.output_item.added" -> added(place, Answers.object(event.get("item")));
            case "response.output_item.done" -> items.put(place, Answers.object(event.get("item")));
            case "response.output_text.delta" -> heard(delta, new ModelDelta.Text(delta));
            case "response.refusal.delta" -> heard(delta, new ModelDelta.Refusal(delta));
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                heard(delta, new ModelDelta.Reasoning(delta));
            case "response.function_call_arguments.delta" ->
                heard(delta, new ModelDelta.ToolCall(calls.getOrDefault(place, 0), "", delta));
            case "response.completed", "response.incomplete" -> {
                response = Answers.object(event.get("response"));
                complete = true;
            }
            case "response.failed" -> throw protocol.refusal(200, Answers.object(event.get("response")));
            case "error" -> throw protocol.refusal(200, event);
            default -> {
                // Something that the last event has as well, or that is newer than this code.
            }
        }
    }

    private void added(long place, JsonObject item) {
        if ("function_call".equals(item.get("type"))) {
            calls.put(place, calls.size());
            listener.accept(new ModelDelta.ToolCall(calls.get(place), Answers.text(item, "name"), ""));
        }
    }

    private void heard(String text, ModelDelta delta) {
        said.append(text);
        listener.accept(delta);
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    /** Some servers leave the output of the last event empty. */
    @Override
    public JsonObject whole() {
        boolean missing = Answers.array(response, "output").isEmpty() && !items.isEmpty();
        return missing ? response.with("output", JsonArray.of(items.values().toArray())) : response;
    }

    @Override
    public Usage usage() {
        Usage told = OpenAiResponses.usage(response);
        return complete || said.isEmpty()
                ? told
                : new Usage(told.input(), 0, Map.of(), TokenEstimate.of(said.toString()), 0, true);
    }
}
