package io.automationhub.connectors.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.MultipartReader;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** The parts of a body {@code multipart/form-data} (<a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>). */
public final class MultipartParts {

    private static final Pattern BOUNDARY = Pattern.compile("(?i);\\s*boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME = Pattern.compile("(?i);\\s*name=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final Pattern FILE_NAME = Pattern.compile("(?i);\\s*filename=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final int MOST = 1000;

    private MultipartParts() {}

    /**
     * One part.
     *
     * @param fileName null if it is no file
     */
    @SuppressWarnings("ArrayRecordComponent") // Read once, by whoever asked for it.
    public record Part(String name, @Nullable String fileName, String mediaType, byte[] content) {}

    /**
     * The parts of a body.
     *
     * @throws IOException if it is none
     */
    public static List<Part> read(String contentType, byte[] body) throws IOException {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new IOException("its content type has no boundary");
        }
        List<Part> parts = new ArrayList<>();
        try (MultipartReader reader = new MultipartReader(new Buffer().write(body), group(boundary))) {
            for (MultipartReader.Part part = reader.nextPart(); part != null; part = reader.nextPart()) {
                if (parts.size() == MOST) {
                    throw new IOException("it has more than " + MOST + " parts");
                }
                parts.add(part(part.headers(), part.body().readByteArray()));
            }
        }
        return parts;
    }

    private static Part part(Headers headers, byte[] content) throws IOException {
        String disposition = String.valueOf(headers.get("content-disposition"));
        Matcher name = NAME.matcher(disposition);
        if (!name.find()) {
            throw new IOException("a part has no name");
        }
        Matcher file = FILE_NAME.matcher(disposition);
        String mediaType = headers.get("content-type");
        return new Part(
                utf8(group(name)),
                file.find() ? utf8(group(file)) : null,
                mediaType == null
                        ? "text/plain"
                        : mediaType.replaceFirst(";.*", "").strip(),
                content);
    }

    private static String group(Matcher matcher) {
        String quoted = matcher.group(1);
        return quoted == null ? matcher.group(2) : quoted;
    }

    /** Browsers write names in UTF-8, which headers are not read in. */
    private static String utf8(String text) {
        boolean latin = text.chars().allMatch(c -> c < 256) && text.chars().anyMatch(c -> c > 127);
        return latin ? new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8) : text;
    }
}
