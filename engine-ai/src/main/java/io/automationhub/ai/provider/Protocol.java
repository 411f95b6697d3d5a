package io.automationhub.ai.provider;

import io.automationhub.ai.catalog.ModelTraits;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** How a provider is spoken to. Implementations have no state. */
interface Protocol {

    /** As in {@link io.automationhub.ai.message.Origin#protocol}. */
    String id();

    /** Below the base URL of the connection. */
    String path(ModelRequest request, boolean stream);

    /** Beside the credentials, which are the connection's. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /**
     * What is sent.
     *
     * @param request its files are read already
     * @param notes takes what of the request is left out or changed, because the model does not take it
     */
    JsonObject body(ModelRequest request, ModelTraits traits, boolean stream, List<String> notes);

    /**
     * Reads an answer.
     *
     * @param body as the server sent it, or {@link StreamAssembly#whole} made it
     * @param request to which it is the answer
     * @throws ProviderRefusal if it says that the request failed
     */
    ModelAnswer answer(JsonObject body, ModelRequest request);

    /** Puts a stream together. */
    StreamAssembly assembly(Consumer<ModelDelta> listener);

    /** What an answer with a status that is no success says, by its body; the object is empty if that is no JSON. */
    ProviderRefusal refusal(int status, JsonObject body);

    /** Whether a header says something of limits. */
    boolean isLimit(String header);
}
