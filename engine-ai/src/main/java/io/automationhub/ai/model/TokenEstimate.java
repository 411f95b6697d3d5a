package io.automationhub.ai.model;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.engine.value.Json;
import java.util.Map;

/**
 * A guess at tokens where a provider's count is missing: one for each four bytes of text, which is about right for English, and a
 * thousand for each image or document.
 */
public final class TokenEstimate {

    /** What an answer is taken to have at most if nobody bounds it. */
    private static final long OUTPUT = 4096;

    private static final int BYTES = 4;
    private static final int MEDIA = 1_000;

    private TokenEstimate() {}

    /** What a text has. */
    public static long of(String text) {
        return (Json.encodedSize(text) + BYTES - 1) / BYTES;
    }

    /** What a request has the model read; nothing is written yet. */
    public static Usage of(ModelRequest request) {
        long tokens = request.instructions() == null ? 0 : of(request.instructions());
        for (Message message : request.messages()) {
            tokens += of(message);
        }
        for (ModelTool tool : request.tools()) {
            tokens += of(tool.name()) + of(tool.description()) + of(Json.write(tool.parameters()));
        }
        if (request.answer() != null) {
            tokens += of(Json.write(request.answer().schema()));
        }
        return new Usage(tokens, 0, Map.of(), 0, 0, true);
    }

    /** What a request may use at most: its output is bounded by itself, or taken to be {@value #OUTPUT} tokens. */
    public static Usage most(ModelRequest request) {
        long output = request.maxTokens() == null ? OUTPUT : request.maxTokens();
        return of(request).plus(new Usage(0, 0, Map.of(), output, 0, true));
    }

    /** What a model wrote. */
    public static Usage of(ModelAnswer answer) {
        return new Usage(0, 0, Map.of(), of(answer.message()), 0, true);
    }

    /** An answer with a guess of what it used, if nobody counted. */
    public static ModelAnswer counted(ModelAnswer answer, ModelRequest request) {
        return answer.usage().total() > 0
                ? answer
                : answer.withUsage(of(request).plus(of(answer)));
    }

    /** What a message has. */
    public static long of(Message message) {
        return message.parts().stream().mapToLong(TokenEstimate::of).sum();
    }

    private static long of(Part part) {
        if (part instanceof Part.Text text) {
            return of(text.text());
        }
        if (part instanceof Part.Refusal refusal) {
            return of(refusal.text());
        }
        if (part instanceof Part.ToolCall call) {
            return of(call.name()) + of(call.unread() == null ? Json.write(call.arguments()) : call.unread());
        }
        return part instanceof Part.ToolResult result
                ? result.content().stream().mapToLong(TokenEstimate::of).sum()
                : MEDIA;
    }
}
