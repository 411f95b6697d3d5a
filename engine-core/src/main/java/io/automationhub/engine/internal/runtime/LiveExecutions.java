package io.automationhub.engine.internal.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs that have not ended, to be found by their ids. A hash table whose chains go through the runs themselves, so
 * that adding one allocates nothing; it goes by the number of a run, because the id of most is never made.
 */
final class LiveExecutions {

    private final String idPrefix;
    private @Nullable Execution[] buckets = new Execution[64];
    private int size;

    /** @param idPrefix what the ids of runs with a number begin with */
    LiveExecutions(String idPrefix) {
        this.idPrefix = idPrefix;
    }

    /** False if there is a run with that id; then nothing is changed. */
    synchronized boolean addIfAbsent(Execution execution) {
        Start start = execution.start();
        if (find(execution.tenant(), execution.id()) != null) {
            return false;
        }
        add(execution, key(start));
        return true;
    }

    /** Adds a run with a number of its own. */
    synchronized void add(Execution execution) {
        add(execution, key(execution.start()));
    }

    private void add(Execution execution, long key) {
        if (size++ == buckets.length) {
            grow();
        }
        link(execution, key);
    }

    private void link(Execution execution, long key) {
        int bucket = bucket(key);
        execution.nextLive = buckets[bucket];
        buckets[bucket] = execution;
    }

    private void grow() {
        @Nullable Execution[] old = buckets;
        buckets = new Execution[old.length * 2];
        for (Execution first : old) {
            for (Execution each = first; each != null; ) {
                Execution next = each.nextLive;
                link(each, key(each.start()));
                each = next;
            }
        }
    }

    /** False if it is not there. */
    @SuppressWarnings("ReferenceEquality") // Which object it is, not what it is like.
    synchronized boolean remove(Execution execution) {
        int bucket = bucket(key(execution.start()));
        Execution before = null;
        for (Execution each = buckets[bucket]; each != null; each = each.nextLive) {
            if (each == execution) {
                if (before == null) {
                    buckets[bucket] = each.nextLive;
                } else {
                    before.nextLive = each.nextLive;
                }
                each.nextLive = null;
                size--;
                return true;
            }
            before = each;
        }
        return false;
    }

    /** A run of a tenant; null if none with that id goes on. */
    synchronized @Nullable Execution find(String tenant, String id) {
        for (Execution each = buckets[bucket(key(id))]; each != null; each = each.nextLive) {
            if (each.id().equals(id) && each.tenant().equals(tenant)) {
                return each;
            }
        }
        return null;
    }

    /** How many there are. */
    synchronized int size() {
        return size;
    }

    synchronized List<Execution> all() {
        List<Execution> all = new ArrayList<>(size);
        for (Execution first : buckets) {
            for (Execution each = first; each != null; each = each.nextLive) {
                all.add(each);
            }
        }
        return all;
    }

    List<Execution> of(String tenant) {
        return all().stream()
                .filter(execution -> execution.tenant().equals(tenant))
                .toList();
    }

    boolean anyBusy() {
        return all().stream().anyMatch(execution -> !execution.isIdle());
    }

    private long key(Start start) {
        return start.sequence() >= 0 ? start.sequence() : key(start.id());
    }

    private long key(String id) {
        if (id.startsWith(idPrefix)) {
            try {
                return Long.parseLong(id, idPrefix.length(), id.length(), Character.MAX_RADIX);
            } catch (NumberFormatException e) {
                return id.hashCode();
            }
        }
        return id.hashCode();
    }

    private int bucket(long key) {
        // Numbers follow each other; the hashes of other ids are spread by the multiplication.
        long spread = key < 0 || key > Integer.MAX_VALUE ? key * 0x9E3779B97F4A7C15L >>> 32 : key;
        return (int) (spread & buckets.length - 1);
    }
}
