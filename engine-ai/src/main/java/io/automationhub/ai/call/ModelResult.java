package io.automationhub.ai.call;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.message.Message;
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

    /** This result with what passed of its answer, and notes of what did not. */
    ModelResult with(Message passed, List<String> more) {
        return new ModelResult(answer.with(passed, more), usage, cost, attempts);
    }

    static ModelResult of(ModelAnswer answer, List<ModelAttempt> attempts) {
        Usage usage = attempts.stream().map(ModelAttempt::usage).reduce(Usage.NONE, Usage::plus);
        Cost cost = attempts.stream()
                .filter(attempt -> attempt.usage().total() > 0)
                .map(ModelAttempt::cost)
                .reduce(Cost::plus)
                .orElse(Cost.free("nothing was used"));
        return new ModelResult(answer, usage, cost, attempts);
    }
}
