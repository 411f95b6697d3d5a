package io.automationhub.ai.langchain4j;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.automationhub.ai.model.AgentProvider;
import io.automationhub.ai.model.MediaFiles;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a chat model of LangChain4j, so that each of its integrations is a provider:
 * {@code AiModule.builder(connectors).provider("bedrock", LangChain4jProvider.of(model))}. Safe for use by several threads, as such
 * models are.
 *
 * <p>The model does what this library does for its own providers: it has the key, opens the connection and looks at addresses and
 * bounds. Its own retries are best switched off ({@code maxRetries(0)}), because attempts are counted and paid here. The time-out of
 * a call that is no stream is the model's, and the node's, which interrupts it.
 *
 * @see <a href="https://docs.langchain4j.dev/tutorials/chat-and-language-models">Chat models</a>
 */
public final class LangChain4jProvider implements AgentProvider {

    private final ChatModel model;
    private final @Nullable StreamingChatModel streaming;

    private LangChain4jProvider(ChatModel model, @Nullable StreamingChatModel streaming) {
        this.model = model;
        this.streaming = streaming;
    }

    /** A model that gives whole answers; in a stream they come in one piece. */
    public static LangChain4jProvider of(ChatModel model) {
        return new LangChain4jProvider(model, null);
    }

    /** A model in its two forms. */
    public static LangChain4jProvider of(ChatModel model, StreamingChatModel streaming) {
        return new LangChain4jProvider(model, streaming);
    }

    @Override
    public String protocol() {
        return ChatMessages.PROTOCOL;
    }

    @Override
    public ModelAnswer call(ModelRequest request, ProviderCall call) {
        List<String> notes = new ArrayList<>();
        ChatRequest sent = ChatRequests.of(
                MediaFiles.read(request, call), takesSchema(model.supportedCapabilities()), call.label(), notes);
        ChatResponse response;
        try {
            response = model.chat(sent);
        } catch (ContentFilteredException e) {
            return ChatAnswers.heldBack(e, request).withNotes(notes);
        } catch (RuntimeException e) {
            throw ChatFailures.of(e, request, call);
        }
        return ChatAnswers.of(response, request).withNotes(notes);
    }

    @Override
    public ModelAnswer stream(ModelRequest request, ProviderCall call, Consumer<ModelDelta> listener) {
        if (streaming == null) {
            ModelAnswer answer = call(request, call);
            if (!answer.message().text().isEmpty()) {
                listener.accept(new ModelDelta.Text(answer.message().text()));
            }
            return answer;
        }
        List<String> notes = new ArrayList<>();
        ChatRequest sent = ChatRequests.of(
                MediaFiles.read(request, call), takesSchema(streaming.supportedCapabilities()), call.label(), notes);
        return new ChatStream(request, call).read(streaming, sent, listener).withNotes(notes);
    }

    private static boolean takesSchema(Set<Capability> capabilities) {
        return capabilities.contains(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
