package io.automationhub.ai.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.model.StopReason;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.Digests;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Answers that were given before to the same request, in this process. Two requests are the same if everything is that shapes the
 * answer: tenant, provider, connection, model, and all that is sent. Safe for use by several threads.
 */
public final class AnswerCache {

    /** Others are cut, or would be different the next time. */
    private static final Set<StopReason> WHOLE =
            Set.of(StopReason.END, StopReason.STOP_SEQUENCE, StopReason.TOOL_CALLS);

    private final Cache<String, ModelAnswer> answers;

    /**
     * An empty cache.
     *
     * @param most answers in it
     * @param time after which an answer is forgotten
     */
    public AnswerCache(long most, Duration time) {
        answers = Caffeine.newBuilder().maximumSize(most).expireAfterWrite(time).build();
    }

    Optional<ModelAnswer> find(String tenant, ModelTarget target, ModelRequest request) {
        return Optional.ofNullable(answers.getIfPresent(key(tenant, target, request)));
    }

    void keep(String tenant, ModelTarget target, ModelRequest request, ModelAnswer answer) {
        if (WHOLE.contains(answer.stop())) {
            answers.put(key(tenant, target, request), answer);
        }
    }

    private static String key(String tenant, ModelTarget target, ModelRequest request) {
        return Digests.sha256(Json.write(JsonObject.builder()
                .put("tenant", tenant)
                .put("provider", target.name())
                .put("connection", target.connection().map(Connection::id).orElse(null))
                .put("model", request.model())
                .put("instructions", request.instructions())
                .put("messages", JsonArray.of(request.messages(), MessageJson::write))
                .put("tools", JsonArray.of(request.tools(), AnswerCache::tool))
                .put("choice", request.choice().toString())
                .put(
                        "answer",
                        request.answer() == null ? null : request.answer().schema())
                .put("maxTokens", request.maxTokens())
                .put("temperature", request.temperature())
                .put("stop", request.stop())
                .put("effort", request.effort())
                .put("options", request.options())
                .build()));
    }

    private static JsonObject tool(ModelTool tool) {
        return JsonObject.builder()
                .put("name", tool.name())
                .put("description", tool.description())
                .put("parameters", tool.parameters())
                .build();
    }
}
