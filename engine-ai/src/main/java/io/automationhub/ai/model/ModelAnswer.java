package io.automationhub.ai.model;

import io.automationhub.ai.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered.
 *
 * @param message what it said
 * @param stop why it stopped
 * @param stopText the same in the provider's words
 * @param usage what it used
 * @param model that answered, in the provider's words; it may be more precise than the one that was asked
 * @param tier the service tier that the provider says it used; null if it does not say
 * @param requestId by which the provider finds the request; null if it gave none
 * @param limits what the provider says of its limits, by the names of its headers
 * @param notes what of the request was left out or changed, because the model does not take it
 */
public record ModelAnswer(
        Message message,
        StopReason stop,
        String stopText,
        Usage usage,
        String model,
        @Nullable String tier,
        @Nullable String requestId,
        Map<String, String> limits,
        List<String> notes) {

    public ModelAnswer {
        limits = Map.copyOf(limits);
        notes = List.copyOf(notes);
    }

    /** What a body alone says of an answer. */
    public ModelAnswer(
            Message message, StopReason stop, String stopText, Usage usage, String model, @Nullable String tier) {
        this(message, stop, stopText, usage, model, tier, null, Map.of(), List.of());
    }

    /** This answer with what its headers say. */
    public ModelAnswer withHead(@Nullable String id, Map<String, String> known) {
        return new ModelAnswer(message, stop, stopText, usage, model, tier, id, known, notes);
    }

    /** This answer with a usage that somebody else counted. */
    public ModelAnswer withUsage(Usage counted) {
        return new ModelAnswer(message, stop, stopText, counted, model, tier, requestId, limits, notes);
    }

    /** This answer with another message, and further notes. */
    public ModelAnswer with(Message other, List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new ModelAnswer(other, stop, stopText, usage, model, tier, requestId, limits, all);
    }

    /** This answer with what was changed in its request. */
    public ModelAnswer withNotes(List<String> changes) {
        return changes.equals(notes)
                ? this
                : new ModelAnswer(message, stop, stopText, usage, model, tier, requestId, limits, changes);
    }
}
