package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.expression.FieldPath;
import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps that choose items and their order: filter, sort, limit, distinct, split. */
final class SelectSteps {

    private SelectSteps() {}

    static ItemSink filter(StepContext step, ItemSink next) {
        ItemFunction when = step.each("when");
        return new Stage(step, next) {
            @Override
            void take(@Nullable Object item, long at) {
                if (when.test(item, at)) {
                    next.accept(item);
                }
            }
        };
    }

    static ItemSink distinct(StepContext step, ItemSink next) {
        List<Key> by = step.keys("by");
        Set<Object> seen = new HashSet<>();
        return new Stage(step, next) {
            @Override
            void take(@Nullable Object item, long at) {
                @Nullable Object[] keys = by.isEmpty() ? new @Nullable Object[] {item} : Key.read(by, item, at);
                if (seen.add(Key.hashed(keys))) {
                    step.keepKeys(keys);
                    next.accept(item);
                }
            }
        };
    }

    static ItemSink limit(StepContext step, ItemSink next) {
        long count = step.count("count", Long.MAX_VALUE);
        long offset = step.count("offset", 0);
        return step.textOr("start", "from").equals("end")
                ? new Last(step, next, count, offset)
                : new First(step, next, count, offset);
    }

    private static final class First extends Stage {

        private final long count;
        private final long offset;
        private long passed;

        First(StepContext step, ItemSink next, long count, long offset) {
            super(step, next);
            this.count = count;
            this.offset = offset;
        }

        @Override
        void take(@Nullable Object item, long at) {
            if (at >= offset && passed < count) {
                passed++;
                next.accept(item);
            }
        }

        @Override
        public boolean isFull() {
            return passed >= count || next.isFull();
        }
    }

    /** Keeps the last items, because nobody knows before the end which those are. */
    private static final class Last extends Stage {

        private final long count;
        private final long offset;
        private final ArrayDeque<Item> last = new ArrayDeque<>();

        /** A queue takes no null. */
        private record Item(@Nullable Object value) {}

        Last(StepContext step, ItemSink next, long count, long offset) {
            super(step, next);
            this.count = count;
            this.offset = offset;
        }

        @Override
        void take(@Nullable Object item, long at) {
            last.add(new Item(item));
            if (last.size() - offset > count) {
                last.remove();
            }
        }

        @Override
        public void end() {
            while (last.size() > offset) {
                next.accept(last.remove().value());
            }
            next.end();
        }
    }

    static ItemSink sort(StepContext step, ItemSink next) {
        List<Key> by = step.keys("by");
        if (by.isEmpty()) {
            throw step.failure("'by' names no field");
        }
        return new Sorted(step, next, by);
    }

    private static final class Sorted extends Stage {

        private final List<Key> by;
        private List<Row> rows = new ArrayList<>();

        private static final class Row {
            final @Nullable Object item;
            final @Nullable Object[] keys;

            Row(@Nullable Object item, @Nullable Object[] keys) {
                this.item = item;
                this.keys = keys;
            }
        }

        Sorted(StepContext step, ItemSink next, List<Key> by) {
            super(step, next);
            this.by = by;
        }

        @Override
        void take(@Nullable Object item, long at) {
            @Nullable Object[] keys = Key.read(by, item, at);
            step.keep(item);
            for (int i = 0; i < keys.length; i++) {
                if (by.get(i).computed()) {
                    step.keep(keys[i]);
                }
            }
            rows.add(new Row(item, keys));
        }

        @Override
        public void end() {
            Row[] sorted = rows.toArray(Row[]::new);
            rows = List.of();
            try {
                Arrays.sort(sorted, this::compare);
            } catch (ExpressionException e) {
                throw step.failure(e.getMessage() + "; convert the field before, or filter");
            }
            for (int i = 0; i < sorted.length && !next.isFull(); i++) {
                next.accept(sorted[i].item);
            }
            next.end();
        }

        private int compare(Row left, Row right) {
            for (int i = 0; i < by.size(); i++) {
                int order = Comparisons.orderNullLast(
                        left.keys[i], right.keys[i], by.get(i).descending() ? -1 : 1);
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }

        @Override
        public boolean isFull() {
            return false;
        }
    }

    static ItemSink split(StepContext step, ItemSink next) {
        String field = step.textOr("", "field");
        String as = step.textOr(field, "as");
        return new Split(step, next, FieldPath.of(field), FieldPath.of(as), field.isEmpty() || step.isTrue("alone"));
    }

    /** Makes an item of each element of a list. */
    private static final class Split extends Stage {

        private final FieldPath field;
        private final FieldPath as;
        private final boolean alone;
        private final boolean keepEmpty;

        Split(StepContext step, ItemSink next, FieldPath field, FieldPath as, boolean alone) {
            super(step, next);
            this.field = field;
            this.as = as;
            this.alone = alone;
            this.keepEmpty = step.isTrue("keepEmpty");
        }

        @Override
        void take(@Nullable Object item, long at) {
            boolean whole = field.name().isEmpty();
            Object found = whole ? item : field.read(step.object(item));
            if (found != null && !(found instanceof JsonArray)) {
                throw new ExpressionException(
                        1,
                        (whole ? "the item" : "'" + field + "'") + " is no list, but "
                                + StepContext.typed(found)
                                + "; make lists of it first, with map or set and an expression such as [item.x]");
            }
            JsonArray list = found == null ? JsonArray.EMPTY : (JsonArray) found;
            if (list.isEmpty() && keepEmpty) {
                pass(item, null);
            }
            for (int i = 0; i < list.size() && !next.isFull(); i++) {
                pass(item, list.get(i));
            }
        }

        private void pass(@Nullable Object item, @Nullable Object element) {
            if (alone) {
                next.accept(element);
                return;
            }
            JsonObject row = step.object(item);
            next.accept(as.write(as.toString().equals(field.toString()) ? row : field.remove(row), element));
        }
    }
}
