package io.automationhub.ai.node;

import io.automationhub.ai.budget.Budget;
import io.automationhub.ai.call.ModelTarget;
import io.automationhub.ai.guard.Guardrail;
import io.automationhub.ai.guard.GuardrailSet;
import io.automationhub.ai.guard.Guardrails;
import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.WorkflowNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a node asks of a model. */
final class PromptConfig {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** Longer than models that think are silent, and than the pings of servers are apart. */
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

    private static final int REPAIRS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WorkflowNode node;
    private final ExecutionContext context;

    PromptConfig(WorkflowNode node, ExecutionContext context) {
        this.node = node;
        this.context = context;
    }

    String label() {
        return "node '" + context.nodeId() + "'";
    }

    Duration timeout() {
        return duration("timeout", TIMEOUT);
    }

    Duration idleTimeout() {
        return duration("idleTimeout", IDLE_TIMEOUT);
    }

    Duration patience() {
        return duration("patience", PATIENCE);
    }

    boolean stream() {
        return Boolean.TRUE.equals(context.value("stream"));
    }

    boolean cache() {
        return Boolean.TRUE.equals(context.value("cache"));
    }

    private Duration duration(String field, Duration otherwise) {
        Object value = context.value(field);
        return value == null ? otherwise : DurationText.parse(value);
    }

    /** The models that may answer, the preferred one first. */
    List<ModelTarget> chain(ModelNodes nodes) {
        List<ModelTarget> chain = new ArrayList<>();
        chain.add(nodes.target(context.tenant(), node.connection(), text("provider"), context.text("model")));
        if (context.value("fallback") instanceof JsonArray others) {
            for (Object other : others) {
                JsonObject named = Json.object(other);
                chain.add(nodes.target(
                        context.tenant(),
                        name(named, "connection"),
                        name(named, "provider"),
                        Json.toText(named.get("model"))));
            }
        }
        return chain;
    }

    /** What the node may use in its run. */
    Optional<Budget> budget() {
        return budget(node);
    }

    /** @throws IllegalArgumentException if it is none */
    static Optional<Budget> budget(WorkflowNode node) {
        return node.config().get("budget") instanceof JsonObject limits
                ? Optional.of(Budget.of(limits.with("id", "node").with("per", "node")))
                : Optional.empty();
    }

    GuardrailSet guardrails() {
        return guardrails(node);
    }

    /** @throws IllegalArgumentException if one is none */
    static GuardrailSet guardrails(WorkflowNode node) {
        JsonObject given = node.config().get("guardrails") instanceof JsonObject sides ? sides : JsonObject.EMPTY;
        return new GuardrailSet(rails(given.get("input")), rails(given.get("output")));
    }

    private static List<Guardrail> rails(@Nullable Object value) {
        return value instanceof JsonArray list ? Guardrails.of(list) : List.of();
    }

    /** How many times a model is told what is wrong with its JSON. */
    int repairs() {
        return context.value("repairs") instanceof Long times ? Math.toIntExact(times) : REPAIRS;
    }

    ModelRequest request(List<Message> messages) {
        return ModelRequest.of(context.text("model"), messages)
                .withInstructions(text("instructions"))
                .withMaxTokens(whole("maxTokens"))
                .withTemperature(
                        context.value("temperature") == null
                                ? null
                                : new BigDecimal(Json.toText(context.value("temperature"))))
                .withStop(
                        context.value("stop") instanceof JsonArray list
                                ? list.stream().map(Json::toText).toList()
                                : List.of())
                .withEffort(text("effort"))
                .withOptions(context.value("options") instanceof JsonObject options ? options : JsonObject.EMPTY);
    }

    /** What a node type says, and behind it what its user adds. */
    String instructions(String own) {
        String added = text("instructions");
        return added == null ? own : own + "\n\n" + added;
    }

    private @Nullable String text(String field) {
        Object value = context.value(field);
        return value == null ? null : Json.toText(value);
    }

    private @Nullable Integer whole(String field) {
        return context.value(field) instanceof Long number ? Math.toIntExact(number) : null;
    }

    /** The messages and the prompt. */
    List<Message> conversation() {
        List<Message> messages = new ArrayList<>();
        try {
            if (context.value("messages") != null) {
                messages.addAll(MessageJson.readAll(context.value("messages")));
            }
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        said("prompt").ifPresent(messages::add);
        if (messages.isEmpty()) {
            throw wrong("there is neither a 'prompt' nor one of 'messages' with anything in it");
        }
        return messages;
    }

    /** The text and the files to look at. */
    List<Message> material() {
        return List.of(
                said("text").orElseThrow(() -> wrong("there is neither a 'text' with anything in it nor a file")));
    }

    private Optional<Message> said(String field) {
        List<Part> parts = new ArrayList<>(files());
        String text = text(field);
        if (text != null && !text.isBlank()) {
            parts.add(new Part.Text(text));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Message(Role.USER, parts, null));
    }

    private List<Part> files() {
        List<Part> files = new ArrayList<>();
        if (context.value("files") instanceof JsonArray list) {
            for (Object each : list) {
                files.add(BinaryRef.of(each)
                        .<Part>map(file -> new Part.Media(file.mediaType(), file.name(), new MediaSource.File(file)))
                        .orElseGet(() -> linked(each)));
            }
        }
        return files;
    }

    private Part linked(@Nullable Object value) {
        JsonObject json = value instanceof JsonObject object ? object : JsonObject.EMPTY;
        if (json.get("url") instanceof String url && json.get("mediaType") instanceof String mediaType) {
            return new Part.Media(mediaType, name(json, "name"), new MediaSource.Url(url));
        }
        throw wrong("each of 'files' is the reference of a file, or {url, mediaType}, found " + Json.typeName(value));
    }

    private @Nullable String name(JsonObject json, String field) {
        Object name = json.get(field);
        if (name == null || name instanceof String) {
            return (String) name;
        }
        throw wrong("'" + field + "' is a text, found " + Json.typeName(name));
    }

    private NonRetriableException wrong(String why) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG, "Cannot ask a model for " + label() + ": " + why, null);
    }
}
