package io.automationhub.ai.model;

import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.message.Part;
import io.automationhub.engine.value.Json;
import java.util.Map;

/**
 * A guess at tokens where a provider's count is missing: one for each four bytes of text, which is about right for English, and a
 * thousand for each image or document.
 */
public final class TokenEstimate {

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

    /** What a model wrote. */
    public static Usage of(ModelAnswer answer) {
        return new Usage(0, 0, Map.of(), of(answer.message()), 0, true);
    }

    private static long of(Message message) {
        long tokens = 0;
        for (Part part : message.parts()) {
            tokens += part instanceof Part.Media media && !(media.source() instanceof MediaSource.Url)
                    ? MEDIA
                    : of(Json.write(MessageJson.write(Message.of(message.role(), part))));
        }
        return tokens;
    }
}
