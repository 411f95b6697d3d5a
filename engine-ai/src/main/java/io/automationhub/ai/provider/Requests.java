package io.automationhub.ai.provider;

import io.automationhub.ai.catalog.ModelTraits;
import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Origin;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ToolChoice;
import io.automationhub.engine.value.JsonArray;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What of a request a model takes; the rest is left out or replaced by what comes nearest, and noted. */
final class Requests {

    private static final Pattern OTHER_LETTER = Pattern.compile("[^A-Za-z0-9_-]");

    private Requests() {}

    static Optional<BigDecimal> temperature(ModelRequest request, ModelTraits traits, List<String> notes) {
        if (request.temperature() != null && !traits.sampling()) {
            notes.add("the temperature was left out, because " + request.model() + " takes none");
            return Optional.empty();
        }
        return Optional.ofNullable(request.temperature());
    }

    static Optional<String> effort(ModelRequest request, ModelTraits traits, List<String> notes) {
        String wanted = request.effort();
        if (wanted == null) {
            return Optional.empty();
        }
        String nearest = traits.nearestEffort(wanted);
        if (nearest == null) {
            notes.add("the effort was left out, because " + request.model() + " takes none");
        } else if (!nearest.equals(wanted)) {
            notes.add(
                    "the effort is '" + nearest + "', because " + request.model() + " does not take '" + wanted + "'");
        }
        return Optional.ofNullable(nearest);
    }

    static ToolChoice choice(ModelRequest request, ModelTraits traits, List<String> notes) {
        boolean forced =
                request.choice() instanceof ToolChoice.Required || request.choice() instanceof ToolChoice.Named;
        if (forced && !traits.forcedTools()) {
            notes.add("whether a tool is called was left to " + request.model() + ", which cannot be made to call one");
            return new ToolChoice.Auto();
        }
        return request.choice();
    }

    /** A message as its provider wrote it, if it goes back to the same model; empty if its parts are to be sent. */
    static Optional<JsonArray> own(Message message, String protocol, String model) {
        return Optional.ofNullable(message.origin())
                .filter(origin -> origin.isFor(protocol, model))
                .map(Origin::items);
    }

    /** Where an image or document is, as a URL that may have it in itself (RFC 2397). */
    static String url(Part.Media media) {
        return media.source() instanceof MediaSource.Url url
                ? url.url()
                : "data:" + media.mediaType() + ";base64," + ((MediaSource.Base64) media.source()).data();
    }

    /** The id of a call in letters that each provider takes; calls and results are changed alike. */
    static String callId(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (!isTaken(id.charAt(i))) {
                return OTHER_LETTER.matcher(id).replaceAll("_");
            }
        }
        return id;
    }

    private static boolean isTaken(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '_' || c == '-';
    }
}
