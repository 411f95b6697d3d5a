package io.automationhub.connectors.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Response;

/**
 * What a server answered. Its body is read while it comes, within the time and size of the call; whoever has the answer closes
 * it. For use by one thread.
 */
public final class HttpAnswer implements AutoCloseable {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final Response response;
    private final InputStream body;
    private final Runnable whenClosed;
    private final Map<String, String> headers;

    HttpAnswer(Response response, InputStream body, Runnable whenClosed) {
        this.response = response;
        this.body = body;
        this.whenClosed = whenClosed;
        headers = joined(response.headers());
    }

    public int status() {
        return response.code();
    }

    /** Where the answer came from, after redirects. */
    public String url() {
        return response.request().url().toString();
    }

    /** A header; several of the same name joined by commas. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The headers by lower-case name; several of the same name joined by commas. */
    public Map<String, String> headers() {
        return headers;
    }

    private static Map<String, String> joined(Headers headers) {
        Map<String, String> joined = new TreeMap<>();
        for (int i = 0; i < headers.size(); i++) {
            joined.merge(
                    headers.name(i).toLowerCase(Locale.ROOT),
                    headers.value(i),
                    (first, second) -> first + ", " + second);
        }
        return Collections.unmodifiableMap(joined);
    }

    /**
     * How long the server asks to wait before another attempt, by the header {@code Retry-After} (<a
     * href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, section 10.2.3</a>); empty if it does not, or says
     * nothing that can be read.
     */
    public Optional<Duration> retryAfter(Instant now) {
        String text = header("retry-after").orElse("").trim();
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(until.isBefore(now) ? Duration.ZERO : Duration.between(now, until));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Type and subtype in lower case, such as {@code text/csv}; empty if the server did not say. */
    public Optional<String> mediaType() {
        return contentType().map(type -> (type.type() + "/" + type.subtype()).toLowerCase(Locale.ROOT));
    }

    /** In which characters a text stands; UTF-8 if the server did not say. */
    public Charset charset() {
        return contentType().map(type -> type.charset(StandardCharsets.UTF_8)).orElse(StandardCharsets.UTF_8);
    }

    private Optional<MediaType> contentType() {
        return header("content-type").map(MediaTypes::parse);
    }

    /**
     * The body, unpacked. Reading it fails as {@link HttpDoor#send} does, with the exceptions of that method.
     */
    public InputStream body() {
        return body;
    }

    /** All of the body. */
    public byte[] bytes() {
        try {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        whenClosed.run();
        response.close();
    }
}
