package io.automationhub.ai.langchain4j;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.RetriableException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream: the model tells its pieces on a thread of its own, and the caller's takes them from here. */
final class ChatStream implements StreamingChatResponseHandler {

    /** What the model tells. */
    private sealed interface News {
        record Piece(ModelDelta delta) implements News {}

        record Complete(ChatResponse response) implements News {}

        record Failed(Throwable cause) implements News {}

        record Cancelled() implements News {}
    }

    private final ModelRequest request;
    private final ProviderCall call;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private volatile @Nullable StreamingHandle handle;
    private volatile boolean given;

    /** The caller's thread's own: how many tokens came, as a guess. */
    private long came;

    ChatStream(ModelRequest request, ProviderCall call) {
        this.request = request;
        this.call = call;
    }

    /** The whole answer. */
    ModelAnswer read(StreamingChatModel model, ChatRequest sent, Consumer<ModelDelta> listener) {
        long deadline = System.nanoTime() + call.timeout().toNanos();
        Runnable withdraw = call.cancel().onCancel(() -> news.add(new News.Cancelled()));
        try {
            model.chat(sent, this);
            while (true) {
                long left = deadline - System.nanoTime();
                boolean last = left < call.idleTimeout().toNanos();
                News next = news.poll(last ? left : call.idleTimeout().toNanos(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw timedOut(last);
                }
                if (next instanceof News.Piece piece) {
                    came += tokens(piece.delta());
                    listener.accept(piece.delta());
                } else if (next instanceof News.Complete complete) {
                    return ChatAnswers.of(complete.response(), request);
                } else if (next instanceof News.Failed failed) {
                    return failed(failed.cause());
                } else {
                    throw ChatFailures.cancelled(call, new CancellationException());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ChatFailures.cancelled(call, e);
        } finally {
            withdraw.run();
            giveUp();
        }
    }

    private ModelAnswer failed(Throwable cause) {
        if (cause instanceof ContentFilteredException heldBack) {
            return ChatAnswers.heldBack(heldBack, request);
        }
        throw broken(ChatFailures.of(cause, request, call));
    }

    private RuntimeException timedOut(boolean whole) {
        return broken(ChatFailures.passing(
                ExecutionError.KIND_TIMEOUT,
                "The stream of the model '" + request.model() + "' for " + call.label()
                        + (whole
                                ? " was not complete within " + call.timeout() + "; raise the timeout"
                                : " said nothing for " + call.idleTimeout() + "; raise the idleTimeout"),
                null));
    }

    /** Closes the connection of a stream that is not over; without effect on one that is. */
    private void giveUp() {
        given = true;
        StreamingHandle known = handle;
        if (known != null && !known.isCancelled()) {
            known.cancel();
        }
    }

    private static long tokens(ModelDelta delta) {
        if (delta instanceof ModelDelta.Text text) {
            return TokenEstimate.of(text.text());
        }
        if (delta instanceof ModelDelta.Reasoning reasoning) {
            return TokenEstimate.of(reasoning.text());
        }
        return delta instanceof ModelDelta.ToolCall tool ? TokenEstimate.of(tool.arguments()) : 0;
    }

    /** A stream that breaks has used what it has used. */
    private RuntimeException broken(RuntimeException failure) {
        if (!(failure instanceof RetriableException passing) || came == 0) {
            return failure;
        }
        Usage used = TokenEstimate.of(request).plus(new Usage(0, 0, Map.of(), came, 0, true));
        return new RetriableException(
                passing.kind(),
                String.valueOf(passing.getMessage()),
                passing.details().with("usage", used.toJson()),
                null,
                passing);
    }

    // ---------------------------------------------------------------- on the model's thread

    private void piece(ModelDelta delta, StreamingHandle from) {
        handle = from;
        if (given) {
            from.cancel();
        } else {
            news.add(new News.Piece(delta));
        }
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
        piece(new ModelDelta.Text(piece.text()), context.streamingHandle());
    }

    @Override
    public void onPartialThinking(PartialThinking piece, PartialThinkingContext context) {
        piece(new ModelDelta.Reasoning(piece.text()), context.streamingHandle());
    }

    @Override
    public void onPartialToolCall(PartialToolCall piece, PartialToolCallContext context) {
        String name = piece.name() == null ? "" : piece.name();
        piece(new ModelDelta.ToolCall(piece.index(), name, piece.partialArguments()), context.streamingHandle());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        news.add(new News.Complete(response));
    }

    @Override
    public void onError(Throwable cause) {
        news.add(new News.Failed(cause));
    }
}
