package io.automationhub.ai.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.connectors.connection.Authentication;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Failures of LangChain4j as the engine has them. */
final class ChatFailures {

    private ChatFailures() {}

    static RuntimeException of(Throwable thrown, ModelRequest request, ProviderCall call) {
        if (Thread.currentThread().isInterrupted()) {
            return cancelled(call, thrown);
        }
        String message = "The request of " + call.label() + " to the model '" + request.model()
                + "' by LangChain4j failed: " + thrown.getMessage();
        if (thrown instanceof RateLimitException) {
            return passing("rate-limit", message, thrown);
        }
        if (thrown instanceof TimeoutException) {
            return passing(ExecutionError.KIND_TIMEOUT, message, thrown);
        }
        if (thrown instanceof UnresolvedModelServerException) {
            return passing(HttpDoor.KIND_NETWORK, message, thrown);
        }
        if (thrown instanceof InternalServerException
                || thrown instanceof dev.langchain4j.exception.RetriableException) {
            return passing("unavailable", message, thrown);
        }
        if (thrown instanceof AuthenticationException) {
            return lasting(Authentication.KIND_AUTH, message, thrown);
        }
        if (thrown instanceof InvalidRequestException
                || thrown instanceof ModelNotFoundException
                || thrown instanceof UnsupportedFeatureException) {
            return lasting("model-request", message, thrown);
        }
        // A server that cannot be reached is no type of its own in every integration.
        return thrown instanceof LangChain4jException
                ? passing("unavailable", message, thrown)
                : lasting(ExecutionError.KIND_ERROR, message, thrown);
    }

    static CancellationException cancelled(ProviderCall call, Throwable cause) {
        CancellationException cancelled =
                new CancellationException("The request of " + call.label() + " to a model was cancelled");
        cancelled.initCause(cause);
        return cancelled;
    }

    static RetriableException passing(String kind, String message, @Nullable Throwable cause) {
        return new RetriableException(kind, message, null, cause);
    }

    private static NonRetriableException lasting(String kind, String message, Throwable cause) {
        return new NonRetriableException(kind, message, cause);
    }
}
