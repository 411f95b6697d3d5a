package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A group that runs its body for each item of a list, one after the other or several at a time. */
final class ForEachRun extends GroupRun {

    private final int parallel;
    private final OnItemError onItemError;
    private final @Nullable Object[] values;
    private final BitSet begun = new BitSet();

    /** All before this one have begun. */
    private int low;

    private @Nullable Map<Integer, JsonObject> errors;

    ForEachRun(Machine parent, int slot, int count, int parallel, OnItemError onItemError) {
        super(parent, slot);
        this.parallel = parallel;
        this.onItemError = onItemError;
        values = new Object[count];
    }

    @Override
    Step advance() {
        for (int next = nextIndex(); next < values.length && liveCount() < parallel; next = nextIndex()) {
            begun.set(next);
            begin(next);
        }
        return liveCount() == 0 ? Step.SUCCEED : Step.WAIT;
    }

    @Override
    public int iterations() {
        return values.length;
    }

    @Override
    public int endedIterations() {
        return begun.cardinality() - live().size();
    }

    @Override
    public int nextIndex() {
        low = begun.nextClearBit(low);
        return low;
    }

    @Override
    Machine recovered(int index) {
        begun.set(index);
        return super.recovered(index);
    }

    @Override
    void keep(int index, @Nullable Object value) {
        begun.set(index);
        values[index] = value;
    }

    @Override
    boolean keepError(int index, JsonObject error) {
        begun.set(index);
        if (onItemError == OnItemError.FAIL) {
            return false;
        }
        if (errors == null) {
            errors = new TreeMap<>();
        }
        errors.put(index, error);
        return true;
    }

    @Override
    public List<JsonObject> itemErrors() {
        return errors == null ? List.of() : new ArrayList<>(errors.values());
    }

    @Override
    public void tested(boolean holds) {
        throw new IllegalStateException("A forEach has no test");
    }

    @Override
    public @Nullable Object output() {
        return onItemError == OnItemError.COLLECT ? collected() : JsonArray.of(values);
    }

    private JsonArray collected() {
        @Nullable Object[] all = new Object[values.length];
        for (int index = 0; index < all.length; index++) {
            JsonObject error = errors == null ? null : errors.get(index);
            JsonObject.Builder entry =
                    JsonObject.builder().put("index", index).put("status", error == null ? "succeeded" : "failed");
            all[index] = error == null
                    ? entry.put("output", values[index]).build()
                    : entry.put("error", error).build();
        }
        return JsonArray.of(all);
    }
}
