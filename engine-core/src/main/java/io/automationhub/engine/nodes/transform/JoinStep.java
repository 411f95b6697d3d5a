package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.expression.FieldPath;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The step join: brings the items together with those of another list that have the same key. A null key has no equal. */
final class JoinStep extends Stage {

    private static final int NONE = -1;

    private final List<Key> on;
    private final JsonArray others;

    /** The first of the others that has a key. */
    private final Map<Object, Integer> byKey = new HashMap<>();

    /** For each of the others the next that has its key. */
    private final int[] sameKey;

    private final BitSet matched = new BitSet();
    private final Kind kind;
    private final @Nullable String as;

    /** Which items come out. */
    private enum Kind {
        INNER,
        LEFT,
        FULL,
        ANTI
    }

    static ItemSink open(StepContext step, ItemSink next) {
        Object with = step.value("with");
        if (!(with instanceof JsonArray list)) {
            throw step.failure("'with' needs a list, found " + StepContext.typed(with));
        }
        return new JoinStep(step, next, list);
    }

    private JoinStep(StepContext step, ItemSink next, JsonArray others) {
        super(step, next);
        this.others = others;
        this.kind = Kind.valueOf(step.textOr("inner", "kind").toUpperCase(Locale.ROOT));
        this.as = step.written().containsKey("as") ? step.text("as") : null;
        this.on = new ArrayList<>();
        List<Key> theirs = new ArrayList<>();
        Object written = step.written().get("on");
        int count = written instanceof JsonArray several ? several.size() : 1;
        for (int i = 0; i < count; i++) {
            Object[] path = written instanceof JsonArray ? new Object[] {"on", i} : new Object[] {"on"};
            Object entry = written instanceof JsonArray several ? several.get(i) : written;
            boolean differ = entry instanceof JsonObject;
            on.add(key(differ ? step.text(StepContext.below(path, "left")) : step.text(path)));
            theirs.add(key(differ ? step.text(StepContext.below(path, "right")) : step.text(path)));
        }
        this.sameKey = new int[others.size()];
        for (int i = others.size() - 1; i >= 0; i--) {
            Object key = keyOf(theirs, others.get(i), i);
            Integer following = key == null ? null : byKey.put(key, i);
            sameKey[i] = following == null ? NONE : following;
        }
    }

    private static Key key(String field) {
        FieldPath path = FieldPath.of(field);
        return new Key(path.name(), path.ofEach(), false, false);
    }

    private static @Nullable Object keyOf(List<Key> keys, @Nullable Object item, long at) {
        @Nullable Object[] values = Key.read(keys, item, at);
        for (Object value : values) {
            if (value == null) {
                return null;
            }
        }
        return Key.hashed(values);
    }

    @Override
    void take(@Nullable Object item, long at) {
        JsonObject row = step.object(item);
        Object key = keyOf(on, row, at);
        int first = key == null ? NONE : byKey.getOrDefault(key, NONE);
        if (first == NONE && kind != Kind.INNER) {
            next.accept(as == null || kind == Kind.ANTI ? row : row.with(as, null));
        }
        if (kind != Kind.ANTI) {
            passMatches(row, first);
        }
    }

    private void passMatches(JsonObject row, int first) {
        for (int other = first; other != NONE && !next.isFull(); other = sameKey[other]) {
            matched.set(other);
            next.accept(joined(row, others.get(other)));
            step.passed();
        }
    }

    private JsonObject joined(JsonObject row, @Nullable Object other) {
        if (as != null) {
            return row.with(as, other);
        }
        JsonObject.Builder both = row.toBuilder();
        step.object(other).forEach((name, value) -> {
            if (!row.containsKey(name)) {
                both.put(name, value);
            }
        });
        return both.build();
    }

    @Override
    public void end() {
        if (kind == Kind.FULL) {
            for (int i = matched.nextClearBit(0);
                    i < others.size() && !next.isFull();
                    i = matched.nextClearBit(i + 1)) {
                Object other = others.get(i);
                next.accept(as == null ? step.object(other) : JsonObject.of(as, other));
            }
        }
        next.end();
    }
}
