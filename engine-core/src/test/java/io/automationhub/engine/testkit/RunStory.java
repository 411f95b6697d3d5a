package io.automationhub.engine.testkit;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.value.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells what happened in a run, a line for each fact, with the time since its start. */
final class RunStory {

    private static final int SHOWN = 300;

    private RunStory() {}

    static String of(List<ExecutionFact> facts) {
        Instant start = facts.get(0).at();
        return facts.stream()
                .map(fact -> "  " + since(start, fact.at()) + line(fact))
                .collect(Collectors.joining("\n"));
    }

    private static String since(Instant start, Instant at) {
        Duration passed = Duration.between(start, at);
        return ("+" + passed.toString().substring(2).toLowerCase(java.util.Locale.ROOT) + "        ").substring(0, 9)
                + " ";
    }

    private static String line(ExecutionFact fact) {
        if (fact instanceof ExecutionFact.RunStarted started) {
            return "the run began with " + shown(started.input()) + (started.queued() ? " and is queued" : "");
        }
        if (fact instanceof ExecutionFact.AttemptStarted started) {
            return name(started.node(), started.iteration()) + " began attempt " + started.attempt() + " with "
                    + shown(started.config());
        }
        if (fact instanceof ExecutionFact.AttemptFailed failed) {
            return name(failed.node(), failed.iteration()) + " failed in attempt " + failed.attempt() + " ("
                    + error(failed.error()) + "), and is tried again at " + failed.retryAt();
        }
        if (fact instanceof ExecutionFact.NodeSuspended suspended) {
            return name(suspended.node(), suspended.iteration()) + " waits for "
                    + suspended.wakes().stream().map(RunStory::wake).collect(Collectors.joining(" or "));
        }
        if (fact instanceof ExecutionFact.NodeWoken woken) {
            return name(woken.node(), woken.iteration()) + " goes on by " + woken(woken.by());
        }
        if (fact instanceof ExecutionFact.NodeEnded ended) {
            String what = ended.error() == null ? " with " + shown(ended.output()) : " (" + error(ended.error()) + ")";
            boolean ran = ended.startedAt() != null;
            return name(ended.node(), ended.iteration()) + " " + ended.status().text() + (ran ? what : "");
        }
        if (fact instanceof ExecutionFact.IterationEnded ended) {
            return "iteration " + ended.iteration() + " of '" + ended.node() + "' "
                    + ended.status().text();
        }
        if (fact instanceof ExecutionFact.CompensationStarted) {
            return "the run begins to undo what it did";
        }
        if (fact instanceof ExecutionFact.RunEnded ended) {
            return "the run " + ended.status().text()
                    + (ended.error() == null ? " with " + shown(ended.output()) : " (" + error(ended.error()) + ")");
        }
        return fact.toString();
    }

    private static String wake(Wake wake) {
        if (wake instanceof Wake.At at) {
            return at.instant().toString();
        }
        if (wake instanceof Wake.Signal signal) {
            return "signal '" + signal.name() + "'" + (signal.key() == null ? "" : " with key '" + signal.key() + "'");
        }
        return wake instanceof Wake.Child child
                ? "run '" + child.execution() + "' of '" + child.workflow() + "'"
                : wake instanceof Wake.Completion completion && completion.request() != null
                        ? "a decision"
                        : wake.toString();
    }

    private static String woken(Woken by) {
        if (by instanceof Woken.BySignal signal) {
            return "signal '" + signal.name() + "' with " + shown(signal.data());
        }
        if (by instanceof Woken.ByCompletion completion) {
            return "completion with " + shown(completion.value());
        }
        return by instanceof Woken.ByChild child
                ? "the end of run '" + child.execution() + "', which "
                        + child.status().text()
                : "time";
    }

    private static String error(ExecutionError error) {
        return error.kind() + ": " + error.message();
    }

    private static String name(String node, String iteration) {
        return "'" + node + "'" + (iteration.isEmpty() ? "" : " in iteration " + iteration);
    }

    private static String shown(@Nullable Object value) {
        String text = Json.write(Json.of(value));
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
