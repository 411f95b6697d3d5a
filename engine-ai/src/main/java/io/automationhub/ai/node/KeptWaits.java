package io.automationhub.ai.node;

import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one call of an agent waits for. An agent makes several calls in one node run, and after a crash it is told once more what ended
 * its last wait; so each call keeps what it waits for, and takes what ends that alone.
 */
final class KeptWaits {

    private final ExecutionContext context;
    private final String call;
    private final @Nullable JsonArray last;
    private final int count;

    KeptWaits(ExecutionContext context, String call) {
        this.context = context;
        this.call = call;
        JsonArray found = null;
        int number = 0;
        for (JsonArray next = kept(0); next != null; next = kept(number)) {
            found = next;
            number++;
        }
        last = found;
        count = number;
    }

    /** What is kept under a number; null if nothing is, and nothing becomes so. */
    private @Nullable JsonArray kept(int number) {
        try {
            return (JsonArray) context.once(name(number), () -> {
                throw new NothingKeptException();
            });
        } catch (NothingKeptException e) {
            return null;
        }
    }

    private String name(int number) {
        return call + "-waits-" + number;
    }

    /** What ended the wait of this call; empty if it has not been waiting, or waits still. */
    Optional<Woken> over() {
        return context.wake().filter(woken -> last != null && last.stream().anyMatch(wait -> ends(woken, wait)));
    }

    private boolean ends(Woken woken, @Nullable Object wait) {
        if (!(wait instanceof JsonObject kept)) {
            return false;
        }
        if (woken instanceof Woken.ByTime) {
            return kept.get("at") instanceof Long at && at <= context.now().toEpochMilli();
        }
        return woken instanceof Woken.ByCompletion by && by.name().equals(kept.get("completion"))
                || woken instanceof Woken.BySignal signal && signal.name().equals(kept.get("signal"))
                || woken instanceof Woken.ByChild child && child.execution().equals(kept.get("child"))
                || woken instanceof Woken.ByIterations iterations
                        && iterations.name().equals(kept.get("iterations"));
    }

    /** Keeps what the call waits for now. */
    void keep(List<Wake> wakes) {
        List<JsonObject> all = new ArrayList<>();
        wakes.forEach(wake -> all.add(json(wake)));
        Object unused = context.once(name(count), () -> all);
    }

    private static JsonObject json(Wake wake) {
        if (wake instanceof Wake.At at) {
            return JsonObject.of("at", at.instant().toEpochMilli());
        }
        if (wake instanceof Wake.Completion completion) {
            return JsonObject.of("completion", completion.name());
        }
        if (wake instanceof Wake.Signal signal) {
            return JsonObject.of("signal", signal.name());
        }
        return wake instanceof Wake.Child child
                ? JsonObject.of("child", child.execution())
                : JsonObject.of("iterations", ((Wake.Iterations) wake).name());
    }

    /** Says that there is no value, without making one. */
    private static final class NothingKeptException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NothingKeptException() {
            super(null, null, false, false);
        }
    }
}
