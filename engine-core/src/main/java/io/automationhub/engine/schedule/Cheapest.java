package io.automationhub.engine.schedule;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A firing takes place when it is cheapest, by a curve of prices: at the planned time, or at a later change of the price, but not
 * later than so long after the planned time. Of several that cost the same the first one counts; where the curve says nothing, the
 * planned time does.
 *
 * @param prices from these instants on
 * @param daily from these times of each day on, where {@code prices} says nothing
 * @param within how much later than planned it may be
 */
public record Cheapest(Map<Instant, BigDecimal> prices, Map<LocalTime, BigDecimal> daily, Duration within) {

    /** The most steps of a curve. */
    public static final int MOST = 10_000;

    public Cheapest {
        prices = Collections.unmodifiableNavigableMap(new TreeMap<>(prices));
        daily = Collections.unmodifiableNavigableMap(new TreeMap<>(daily));
        if (prices.isEmpty() && daily.isEmpty() || prices.size() + daily.size() > MOST) {
            throw new IllegalArgumentException("a curve of prices has 1 to " + MOST
                    + " steps, found " + (prices.size() + daily.size())
                    + "; write such as {\"within\": \"8h\", \"daily\": {\"00:00\": 0.12, \"06:00\": 0.31}}");
        }
        if (within.isZero() || within.isNegative() || within.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("a firing may be up to 7 days later than planned, found " + within);
        }
    }

    /** When a firing takes place that is planned for an instant. */
    Instant best(Instant planned, ZoneId zone) {
        Instant best = planned;
        BigDecimal least = price(planned, zone);
        for (Instant at : changes(planned, zone)) {
            BigDecimal price = price(at, zone);
            if (price != null && (least == null || price.compareTo(least) < 0)) {
                best = at;
                least = price;
            }
        }
        return best;
    }

    private TreeSet<Instant> changes(Instant planned, ZoneId zone) {
        Instant end = planned.plus(within);
        TreeSet<Instant> changes = new TreeSet<>(((NavigableMap<Instant, BigDecimal>) prices)
                .subMap(planned, false, end, true)
                .keySet());
        ZonedDateTime day = planned.atZone(zone).toLocalDate().atStartOfDay(zone);
        while (!daily.isEmpty() && !day.toInstant().isAfter(end)) {
            for (LocalTime time : daily.keySet()) {
                Instant at = day.toLocalDate().atTime(time).atZone(zone).toInstant();
                if (at.isAfter(planned) && !at.isAfter(end)) {
                    changes.add(at);
                }
            }
            day = day.plusDays(1);
        }
        return changes;
    }

    /** Null if the curve says nothing. */
    @Nullable
    BigDecimal price(Instant at, ZoneId zone) {
        Map.Entry<Instant, BigDecimal> step = ((NavigableMap<Instant, BigDecimal>) prices).floorEntry(at);
        if (step != null) {
            return step.getValue();
        }
        Map.Entry<LocalTime, BigDecimal> ofDay = ((NavigableMap<LocalTime, BigDecimal>) daily)
                .floorEntry(at.atZone(zone).toLocalTime());
        if (ofDay == null && !daily.isEmpty()) {
            ofDay = ((NavigableMap<LocalTime, BigDecimal>) daily).lastEntry();
        }
        return ofDay == null ? null : ofDay.getValue();
    }
}
