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
        return passed.equals(answer.message()) && more.isEmpty()
                ? this
                : new ModelResult(answer.with(passed, more), usage, cost, attempts);
    }

    static ModelResult of(ModelAnswer answer, List<ModelAttempt> attempts) {
        Usage usage = Usage.NONE;
        Cost cost = null;
        for (ModelAttempt attempt : attempts) {
            if (attempt.usage().total() > 0) {
                usage = usage.plus(attempt.usage());
                cost = cost == null ? attempt.cost() : cost.plus(attempt.cost());
            }
        }
        return new ModelResult(answer, usage, cost == null ? Cost.free("nothing was used") : cost, attempts);
    }
}
