package io.automationhub.engine.schedule;

import de.focus_shift.jollyday.core.CalendarHierarchy;
import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import io.automationhub.engine.expression.NearestName;
import java.time.LocalDate;
import java.time.Year;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Public holidays by country and region, as jollyday knows them. Its classes are loaded when the first such calendar is made. */
final class PublicHolidays implements BusinessCalendar {

    /** Exchanges by their codes in ISO 10383: under which name jollyday has their holidays, or whose they keep. */
    private static final Map<String, List<String>> EXCHANGES = Map.of(
            "XNYS", List.of("NYSE"),
            "XNAS", List.of("NYSE"),
            "XLON", List.of("GB", "eng"),
            "XLME", List.of("LME"),
            "XPAR", List.of("NYSE_EURONEXT"),
            "XAMS", List.of("NYSE_EURONEXT"),
            "XBRU", List.of("NYSE_EURONEXT"));

    private static final Map<String, PublicHolidays> KNOWN = new ConcurrentHashMap<>();

    private final String place;
    private final HolidayManager manager;
    private final String[] regions;
    private final Map<Integer, Map<LocalDate, String>> years = new ConcurrentHashMap<>();

    private PublicHolidays(String place, HolidayManager manager, List<String> regions) {
        this.place = place;
        this.manager = manager;
        this.regions = regions.toArray(String[]::new);
    }

    /**
     * The holidays of a country, or of an exchange.
     *
     * @throws IllegalArgumentException if jollyday does not know it, or is not there
     */
    static PublicHolidays of(String country, List<String> region) {
        String place = region.isEmpty() ? country : country + "-" + String.join("-", region);
        try {
            List<String> exchange = EXCHANGES.get(place.toUpperCase(Locale.ROOT));
            return KNOWN.computeIfAbsent(
                    place.toUpperCase(Locale.ROOT),
                    name -> exchange == null
                            ? made(name, country, region)
                            : made(name, exchange.get(0), exchange.subList(1, exchange.size())));
        } catch (NoClassDefFoundError | IllegalStateException e) {
            throw new IllegalArgumentException(
                    "public holidays need the libraries de.focus-shift:jollyday-core and de.focus-shift:jollyday-jaxb"
                            + " on the class path",
                    e);
        }
    }

    private static PublicHolidays made(String place, String country, List<String> region) {
        Set<String> supported = HolidayManager.getSupportedCalendarCodes();
        String code = country.toUpperCase(Locale.ROOT);
        if (!supported.contains(code)) {
            throw new IllegalArgumentException("there are no holidays for '" + country + "'"
                    + NearestName.hint(code, supported)
                    + "; write a country's code in ISO 3166 such as 'DE', or one of NYSE, XLON, XPAR, LME, TARGET");
        }
        HolidayManager manager = HolidayManager.getInstance(ManagerParameters.create(code.toLowerCase(Locale.ROOT)));
        CalendarHierarchy level = manager.getCalendarHierarchy();
        List<String> regions =
                region.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
        for (String each : regions) {
            CalendarHierarchy inner = level.getChildren().get(each);
            if (inner == null) {
                throw new IllegalArgumentException("there is no region '" + each + "' in '" + country + "'; there are "
                        + new TreeSet<>(level.getChildren().keySet()));
            }
            level = inner;
        }
        return new PublicHolidays(place, manager, regions);
    }

    @Override
    public Optional<String> closed(LocalDate date) {
        return Optional.ofNullable(
                years.computeIfAbsent(date.getYear(), this::holidays).get(date));
    }

    private Map<LocalDate, String> holidays(int year) {
        Map<LocalDate, String> found = new HashMap<>();
        for (Holiday holiday : manager.getHolidays(Year.of(year), regions)) {
            if (holiday.getType() == HolidayType.PUBLIC_HOLIDAY) {
                found.merge(
                        holiday.getDate(),
                        holiday.getDescription(Locale.ENGLISH),
                        (one, other) -> one.compareTo(other) <= 0 ? one : other);
            }
        }
        return Map.copyOf(found);
    }

    @Override
    public String description() {
        return "public holidays of " + place;
    }
}
