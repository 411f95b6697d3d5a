package io.automationhub.ai.call;

import io.automationhub.ai.budget.Budgets;
import io.automationhub.ai.catalog.ModelCatalog;
import io.automationhub.ai.catalog.PriceTable;
import io.automationhub.ai.guard.GuardrailSet;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What calls of models work with.
 *
 * @param guardrails of each call
 * @param listeners hear of each attempt
 */
public record CallServices(
        ModelCatalog catalog,
        PriceTable prices,
        Budgets budgets,
        GuardrailSet guardrails,
        AnswerCache cache,
        RetryDelays delays,
        List<ModelListener> listeners) {

    private static final Logger LOG = LoggerFactory.getLogger(CallServices.class);

    public CallServices {
        listeners = List.copyOf(listeners);
    }

    /** Tells the listeners, of which none can harm the call. */
    void tell(Consumer<ModelListener> event) {
        for (ModelListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("A listener of calls of models failed", e);
            }
        }
    }
}
