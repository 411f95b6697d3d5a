package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * In what two workflows differ, as far as it has a meaning when they run: layout, labels and notes do not count, nor does
 * the order of nodes and edges. Empty exactly if both have the same {@link Workflow#hash}.
 *
 * @param changes in the order of their places
 */
public record WorkflowDiff(List<Change> changes) {

    private static final int SHOWN = 10;

    public WorkflowDiff {
        changes = List.copyOf(changes);
    }

    /**
     * One difference.
     *
     * @param place a JSON Pointer into the canonical form, in which nodes and edges stand under their names:
     *     {@code /nodes/fetch/data/config/url}
     * @param before null if it was absent
     * @param after null if it is absent
     */
    public record Change(
            String place, @Nullable Object before, @Nullable Object after) {

        @Override
        public String toString() {
            return place + (before == null ? " was added" : after == null ? " was taken away" : " was changed");
        }
    }

    /** In what {@code after} differs from {@code before}. */
    public static WorkflowDiff between(Workflow before, Workflow after) {
        List<Change> changes = new ArrayList<>();
        compare("", CanonicalForm.byName(before), CanonicalForm.byName(after), changes);
        return new WorkflowDiff(changes);
    }

    /** Whether both do the same. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    private static void compare(String place, @Nullable Object before, @Nullable Object after, List<Change> changes) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before instanceof JsonObject old && after instanceof JsonObject fresh) {
            TreeSet<String> keys = new TreeSet<>(old.keySet());
            keys.addAll(fresh.keySet());
            keys.forEach(key -> compare(JsonPointer.child(place, key), old.get(key), fresh.get(key), changes));
            return;
        }
        changes.add(new Change(place, before, after));
    }

    /** The first differences, one in a line. */
    @Override
    public String toString() {
        String shown = changes.stream().limit(SHOWN).map(Change::toString).collect(Collectors.joining("\n  "));
        return changes.size() > SHOWN ? shown + "\n  and " + (changes.size() - SHOWN) + " more" : shown;
    }
}
