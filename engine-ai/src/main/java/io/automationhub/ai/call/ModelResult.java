package io.automationhub.ai.call;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.Usage;
import java.util.List;

/**
 * What came of a call.
 *
 * @param answer of the model that answered
 * @param usage of all attempts together, as far as it is known
 * @param cost of all attempts together
 * @param attempts all of them, the first first
 */
public record ModelResult(ModelAnswer answer, Usage usage, Cost cost, List<ModelAttempt> attempts) {

    public ModelResult {
        attempts = List.copyOf(attempts);
    }
}
