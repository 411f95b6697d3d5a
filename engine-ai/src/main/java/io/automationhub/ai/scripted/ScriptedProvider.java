package io.automationhub.ai.scripted;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.AgentProvider;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.ai.model.StopReason;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers by rules, of which the first that fits counts. It says that it is scripted: its answers are of the model {@value #MODEL} and
 * have a note. Safe for use by several threads.
 *
 * <p>A script is an object with {@code rules}, each with:
 *
 * <ul>
 *   <li>{@code when}, all of which must be so: {@code model} (with {@code *} for any letters), {@code says} (what the last message has
 *       in it, results of tools included), {@code matches} (a regular expression that is found there), {@code instructions} (what they
 *       have in them), {@code afterTool} (whose result the last message has), {@code turn} (how many messages of a model are there)
 *   <li>{@code times}, for how many requests it counts
 *   <li>{@code text}, or {@code json}, a value that is written as text; a list of texts comes piece by piece in a stream
 *   <li>{@code toolCalls}, a list of {@code {name, arguments}}
 *   <li>{@code stop}, why it stops, as {@code max-tokens}
 *   <li>{@code delay} before it answers, as {@code 100ms}
 *   <li>{@code error}, how it fails: {@code {kind, message, retryAfter, again}}; {@code again} is whether another attempt may help
 * </ul>
 */
public final class ScriptedProvider implements AgentProvider {

    /** The name of the provider, and of the model that answers. */
    public static final String MODEL = "scripted";

    private static final String NOTE = "this answer is scripted, no model was asked";

    private final List<ScriptRule> rules;

    private ScriptedProvider(List<ScriptRule> rules) {
        this.rules = rules;
    }

    /**
     * A provider that answers by a script.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ScriptedProvider of(JsonObject script) {
        if (!(script.get("rules") instanceof JsonArray list)) {
            throw new IllegalArgumentException(
                    "Cannot read the script of a model: it has no list 'rules'; write {\"rules\": [{\"text\": \"Hello\"}]}");
        }
        List<ScriptRule> rules = new ArrayList<>();
        for (Object each : list) {
            rules.add(new ScriptRule(rules.size(), each));
        }
        return new ScriptedProvider(List.copyOf(rules));
    }

    @Override
    public String protocol() {
        return MODEL;
    }

    @Override
    public ModelAnswer call(ModelRequest request, ProviderCall call) {
        return stream(request, call, delta -> {});
    }

    @Override
    public ModelAnswer stream(ModelRequest request, ProviderCall call, Consumer<ModelDelta> listener) {
        ScriptRule rule = rules.stream()
                .filter(each -> each.fits(request) && each.takes())
                .findFirst()
                .orElseThrow(() -> none(request, call));
        pause(rule, call);
        rule.fail(call);
        List<Part> parts = new ArrayList<>();
        rule.texts().forEach(text -> listener.accept(new ModelDelta.Text(text)));
        String text = String.join("", rule.texts());
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text));
        }
        for (Part.ToolCall each : rule.toolCalls(turn(request))) {
            listener.accept(new ModelDelta.ToolCall(parts.size(), each.name(), Json.write(each.arguments())));
            parts.add(each);
        }
        Message message = new Message(Role.ASSISTANT, parts, null);
        StopReason stop = rule.stop(message);
        ModelAnswer answer = new ModelAnswer(message, stop, stop.text(), TokenEstimate.of(request), MODEL, null);
        return answer.withUsage(answer.usage().plus(TokenEstimate.of(answer))).withNotes(List.of(NOTE));
    }

    /** How many messages of a model a conversation has. */
    static int turn(ModelRequest request) {
        return (int) request.messages().stream()
                .filter(message -> message.role() == Role.ASSISTANT)
                .count();
    }

    private static void pause(ScriptRule rule, ProviderCall call) {
        try {
            Thread.sleep(rule.delay().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("The scripted answer for " + call.label() + " was cancelled");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    private NonRetriableException none(ModelRequest request, ProviderCall call) {
        return new NonRetriableException(
                "script",
                "None of the " + rules.size() + " rules of the script fits the request of " + call.label()
                        + ", which asks '" + request.model() + "' and says '" + shortened(said(request))
                        + "'; add a rule, or one without 'when' at the end",
                null);
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }

    /** What the last message says, results of tools included. */
    static String said(ModelRequest request) {
        @Nullable
        Message last = request.messages().isEmpty()
                ? null
                : request.messages().get(request.messages().size() - 1);
        if (last == null) {
            return "";
        }
        StringBuilder said = new StringBuilder(last.text());
        for (Part part : last.parts()) {
            if (part instanceof Part.ToolResult result) {
                said.append(said.isEmpty() ? "" : "\n").append(new Message(Role.USER, result.content(), null).text());
            }
        }
        return said.toString();
    }
}
