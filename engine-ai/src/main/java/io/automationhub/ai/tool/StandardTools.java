package io.automationhub.ai.tool;

import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.engine.expression.Environment;
import io.automationhub.engine.expression.ExpressionCompiler;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ReferenceBinder;
import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * The tools that are there without a host: the time, figures, the size of a text, pages. As any, an agent may call those that it names.
 */
public final class StandardTools {

    private static final long MOST_PAGE_BYTES = 5_000_000;
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(30);
    private static final int WORDS_A_MINUTE = 230;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+([-'’][\\p{L}\\p{N}]+)*");
    private static final Pattern SENTENCE = Pattern.compile("[.!?…]+(\\s|$)");

    private final ConnectionClient client;

    private StandardTools(ConnectionClient client) {
        this.client = client;
    }

    /** @param client by which pages are read */
    public static List<AgentTool> all(ConnectionClient client) {
        return AgentTool.methodsOf(new StandardTools(client));
    }

    @Tool("Says the date, the time and the day of the week.")
    JsonObject currentTime(
            @Arg("A time zone, as Europe/Berlin; UTC if absent.") @Nullable String zone, ToolInvocation invocation) {
        ZonedDateTime now = invocation.now().get().atZone(zone(zone));
        return JsonObject.of("time", now.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME))
                .with("date", now.toLocalDate().toString())
                .with("weekday", now.getDayOfWeek().getDisplayName(java.time.format.TextStyle.FULL, Locale.ENGLISH))
                .with("zone", now.getZone().getId());
    }

    private static ZoneId zone(@Nullable String zone) {
        try {
            return ZoneId.of(zone == null ? "UTC" : zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("there is no time zone '" + zone + "'; one is Europe/Berlin", e);
        }
    }

    @Tool("Computes an expression exactly, as (120 + 80.5) * 1.19, with + - * / % and comparisons, and functions as"
            + " round(x, 2), min, max, abs, sqrt, pow.")
    JsonObject calculate(@Arg("The expression; no variables.") String expression, ToolInvocation invocation) {
        try {
            Alone alone = new Alone(invocation.now().get());
            return JsonObject.of(
                    "result",
                    new ExpressionCompiler(alone, StandardFunctions.library())
                            .compile(expression)
                            .evaluate(alone));
        } catch (ExpressionException e) {
            throw new IllegalArgumentException(
                    "'" + expression + "' cannot be computed by itself: " + e.getMessage(), e);
        }
    }

    @Tool(
            "Computes count, sum, mean, median, minimum, maximum, standard deviation and quartiles of numbers, and names outliers.")
    JsonObject statistics(@Arg("The numbers, at least one.") List<BigDecimal> numbers) {
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("there are no numbers; send at least one");
        }
        return new Figures(numbers).toJson();
    }

    @Tool("Counts characters, words, sentences and the minutes that it takes to read a text.")
    JsonObject countText(@Arg("The text.") String text) {
        long words = WORD.matcher(text).results().count();
        return JsonObject.of("characters", (long) text.codePointCount(0, text.length()))
                .with("words", words)
                .with("sentences", SENTENCE.matcher(text).results().count())
                .with(
                        "minutes",
                        BigDecimal.valueOf(words).divide(BigDecimal.valueOf(WORDS_A_MINUTE), 1, RoundingMode.HALF_UP));
    }

    @Tool("Reads a public page of the web, as text without its layout.")
    JsonObject fetchPage(@Arg("Its address, https.") String url, ToolInvocation invocation) {
        HttpCall call = HttpCall.of("the tool 'fetch_page'", "GET", url)
                .header("Accept", "text/html, text/plain, application/json;q=0.9, text/*;q=0.8")
                .timeout(PAGE_TIMEOUT)
                .maxBytes(MOST_PAGE_BYTES);
        ConnectionClient.Sender sender =
                new ConnectionClient.Sender(invocation.tenant(), invocation.cancel(), invocation.now());
        return client.exchange(Optional.empty(), call, sender, (sent, answer) -> page(answer));
    }

    private static JsonObject page(HttpAnswer answer) {
        String type = answer.mediaType().orElse("text/plain");
        if (answer.status() >= 400) {
            throw new IllegalStateException("the page cannot be read: its server answers " + answer.status());
        }
        if (!type.startsWith("text/") && !type.contains("json") && !type.contains("xml")) {
            throw new IllegalStateException("the page is no text, but " + type);
        }
        String content = new String(answer.bytes(), answer.charset());
        return JsonObject.of("url", answer.url())
                .with(
                        "text",
                        type.contains("html")
                                ? Jsoup.parse(content)
                                        .wholeText()
                                        .replaceAll("\\s*\\n\\s*", "\n")
                                        .strip()
                                : content);
    }

    /** An expression that has nothing but itself. */
    private record Alone(Instant now) implements ReferenceBinder, Environment {

        @Override
        public int slot(Reference reference) {
            return -1;
        }

        @Override
        public Collection<String> known(Reference reference) {
            return List.of();
        }

        @Override
        public Object read(int slot) {
            throw new IllegalStateException("There is nothing to read");
        }

        @Override
        public long epochMicros() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, now);
        }

        @Override
        public RandomGenerator random() {
            return new SplittableRandom();
        }
    }

    /** What numbers come to. */
    private static final class Figures {

        private static final BigDecimal FENCE = new BigDecimal("1.5");

        private final List<BigDecimal> sorted;
        private final BigDecimal count;

        Figures(List<BigDecimal> numbers) {
            sorted = numbers.stream().sorted().toList();
            count = BigDecimal.valueOf(sorted.size());
        }

        JsonObject toJson() {
            BigDecimal sum = sorted.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal mean = sum.divide(count, MathContext.DECIMAL64);
            BigDecimal q1 = quantile("0.25");
            BigDecimal q3 = quantile("0.75");
            BigDecimal reach = q3.subtract(q1).multiply(FENCE);
            return JsonObject.of("count", (long) sorted.size())
                    .with("sum", plain(sum))
                    .with("mean", plain(mean))
                    .with("median", plain(quantile("0.5")))
                    .with("min", sorted.get(0))
                    .with("max", sorted.get(sorted.size() - 1))
                    .with("standardDeviation", plain(deviation(mean)))
                    .with("q1", plain(q1))
                    .with("q3", plain(q3))
                    .with(
                            "outliers",
                            sorted.stream()
                                    .filter(each ->
                                            each.compareTo(q1.subtract(reach)) < 0 || each.compareTo(q3.add(reach)) > 0)
                                    .toList());
        }

        /** Without zeros at its end. */
        private static BigDecimal plain(BigDecimal figure) {
            BigDecimal stripped = figure.stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        }

        /** Of the population. */
        private BigDecimal deviation(BigDecimal mean) {
            return sorted.stream()
                    .map(each -> each.subtract(mean).pow(2, MathContext.DECIMAL128))
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .divide(count, MathContext.DECIMAL128)
                    .sqrt(MathContext.DECIMAL64);
        }

        /** Between the nearest two, as spreadsheets do (R-7 of Hyndman and Fan). */
        private BigDecimal quantile(String share) {
            BigDecimal at = count.subtract(BigDecimal.ONE).multiply(new BigDecimal(share));
            int below = at.intValue();
            BigDecimal low = sorted.get(below);
            BigDecimal high = sorted.get(Math.min(below + 1, sorted.size() - 1));
            return low.add(high.subtract(low).multiply(at.subtract(BigDecimal.valueOf(below))), MathContext.DECIMAL64);
        }
    }
}
