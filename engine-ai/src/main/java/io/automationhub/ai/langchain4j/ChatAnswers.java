package io.automationhub.ai.langchain4j;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.StopReason;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers out of LangChain4j's form. */
final class ChatAnswers {

    private ChatAnswers() {}

    static ModelAnswer of(ChatResponse response, ModelRequest request) {
        Message message = ChatMessages.of(response.aiMessage(), request.model());
        FinishReason reason = response.finishReason();
        ModelAnswer answer = new ModelAnswer(
                message,
                stop(reason, message),
                reason == null ? "" : reason.name(),
                usage(response.tokenUsage()),
                response.modelName() == null ? request.model() : response.modelName(),
                null);
        return TokenEstimate.counted(answer, request).withHead(response.id(), Map.of());
    }

    /** The provider held the question or the answer back. */
    static ModelAnswer heldBack(ContentFilteredException why, ModelRequest request) {
        return new ModelAnswer(
                new Message(Role.ASSISTANT, List.of(), null),
                StopReason.SAFETY,
                String.valueOf(why.getMessage()),
                TokenEstimate.of(request),
                request.model(),
                null);
    }

    private static StopReason stop(@Nullable FinishReason reason, Message message) {
        if (!message.toolCalls().isEmpty()) {
            return StopReason.TOOL_CALLS;
        }
        if (reason == null) {
            return StopReason.END;
        }
        return switch (reason) {
            case STOP, TOOL_EXECUTION -> StopReason.END;
            case LENGTH -> StopReason.MAX_TOKENS;
            case CONTENT_FILTER -> StopReason.SAFETY;
            case OTHER -> StopReason.OTHER;
        };
    }

    /** LangChain4j counts input and output for all; what came from caches only some of its models tell, each in its own way. */
    private static Usage usage(@Nullable TokenUsage usage) {
        return usage == null
                ? Usage.NONE
                : new Usage(count(usage.inputTokenCount()), 0, Map.of(), count(usage.outputTokenCount()), 0, false);
    }

    private static long count(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }
}
