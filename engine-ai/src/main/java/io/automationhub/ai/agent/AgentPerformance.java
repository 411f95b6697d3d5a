package io.automationhub.ai.agent;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.event.ExecutionStatus;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an agent did in some time.
 *
 * @param executions how often it was asked
 * @param succeeded how often it answered
 * @param failed how often it failed
 * @param cancelled how often it was cancelled
 * @param latency how long those took that ended, by percentiles
 * @param usage of all of them
 * @param cost of all of them; not known if that of one is not
 * @param toolCalls how many calls of tools they made
 */
public record AgentPerformance(
        long executions,
        long succeeded,
        long failed,
        long cancelled,
        Latency latency,
        Usage usage,
        Cost cost,
        long toolCalls) {

    /** Half, 95 and 99 of a hundred took no longer, and the longest; zero if none ended. */
    public record Latency(Duration p50, Duration p95, Duration p99, Duration max) {

        static Latency of(List<Duration> all) {
            List<Duration> sorted = all.stream().sorted().toList();
            return new Latency(at(sorted, 50), at(sorted, 95), at(sorted, 99), at(sorted, 100));
        }

        /** The nearest rank. */
        private static Duration at(List<Duration> sorted, int percent) {
            return sorted.isEmpty() ? Duration.ZERO : sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
        }
    }

    static AgentPerformance of(List<AgentExecution> all) {
        Usage usage = Usage.NONE;
        Cost cost = Cost.free("no model was asked");
        long calls = 0;
        for (AgentExecution each : all) {
            usage = usage.plus(each.usage());
            cost = each.usage().total() == 0 && each.cost().isKnown() ? cost : sum(cost, each.cost());
            calls += each.toolCalls().size();
        }
        return new AgentPerformance(
                all.size(),
                count(all, ExecutionStatus.SUCCEEDED),
                count(all, ExecutionStatus.FAILED),
                count(all, ExecutionStatus.CANCELLED),
                Latency.of(
                        all.stream().flatMap(each -> each.duration().stream()).toList()),
                usage,
                cost,
                calls);
    }

    private static Cost sum(Cost one, Cost other) {
        BigDecimal amount = one.amount();
        boolean first = amount != null && amount.signum() == 0;
        return first ? other : one.plus(other);
    }

    private static long count(List<AgentExecution> all, ExecutionStatus status) {
        return all.stream().filter(each -> each.status() == status).count();
    }

    /** The share of those that ended and answered, 0 to 1; empty if none ended. */
    public Optional<Double> successRate() {
        long ended = succeeded + failed + cancelled;
        return ended == 0 ? Optional.empty() : Optional.of((double) succeeded / ended);
    }

    /** What one cost on average; empty if there was none, or it is not known. */
    public Optional<BigDecimal> costPerExecution() {
        BigDecimal amount = cost.amount();
        return executions == 0 || amount == null
                ? Optional.empty()
                : Optional.of(amount.divide(BigDecimal.valueOf(executions), MathContext.DECIMAL64));
    }
}
