package io.automationhub.ai.catalog;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes.
 *
 * @param sampling whether it takes a temperature
 * @param forcedTools whether it can be made to call a tool
 * @param efforts how much it can be told to think; empty if it cannot be told
 * @param schema whether it keeps to a JSON Schema by itself
 * @param images whether it reads images
 * @param documents whether it reads documents such as PDF
 * @param context how many tokens it reads and writes at most; null if that is not known
 * @param output how many tokens it writes at most; null if that is not known
 * @param retired since when it is gone; null if it is not, or that is not known
 */
public record ModelTraits(
        boolean sampling,
        boolean forcedTools,
        List<String> efforts,
        boolean schema,
        boolean images,
        boolean documents,
        @Nullable Long context,
        @Nullable Long output,
        @Nullable LocalDate retired) {

    /** How much a model may be told to think, the least first. */
    public static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    /**
     * What a model is taken for of which nothing is known: what is asked for is sent as it is, and the provider says what it does
     * not take; that an answer has its shape is left to the check afterwards.
     */
    public static final ModelTraits UNKNOWN = new ModelTraits(true, true, EFFORTS, false, true, true, null, null, null);

    public ModelTraits {
        efforts = List.copyOf(efforts);
    }

    /**
     * The effort that comes nearest to the one that is wanted; null if there is none to choose.
     */
    public @Nullable String nearestEffort(String wanted) {
        int at = EFFORTS.indexOf(wanted);
        return efforts.stream()
                .min((one, other) ->
                        Integer.compare(Math.abs(EFFORTS.indexOf(one) - at), Math.abs(EFFORTS.indexOf(other) - at)))
                .orElse(null);
    }
}
