package io.automationhub.ai.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of server-sent events (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, section
 * 9.2</a>). Beyond the specification an event at the end of the stream counts, too, that lacks only its empty line, for some
 * servers leave that out; half a line never does. For use by one thread.
 */
public final class ServerEvents {

    private static final String MARK = "\uFEFF";

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterReturn;
    private boolean first = true;

    public ServerEvents(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * An event.
     *
     * @param name empty if it has none
     */
    public record Event(String name, String data) {}

    /** The next event that has data; null at the end of the stream. */
    public @Nullable Event next() throws IOException {
        String name = "";
        StringBuilder data = null;
        for (String text = line(); text != null; text = line()) {
            if (text.isEmpty()) {
                if (data != null) {
                    return new Event(name, data.toString());
                }
                name = "";
                continue;
            }
            int colon = text.indexOf(':');
            String field = colon < 0 ? text : text.substring(0, colon);
            String value = colon < 0 ? "" : text.substring(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
            if (field.equals("event")) {
                name = value;
            } else if (field.equals("data")) {
                data = data == null
                        ? new StringBuilder(value)
                        : data.append('\n').append(value);
            }
        }
        return data == null ? null : new Event(name, data.toString());
    }

    /** Ends by a line feed, a carriage return, or both; null at the end of the stream. */
    private @Nullable String line() throws IOException {
        line.reset();
        for (int c = in.read(); c >= 0; c = in.read()) {
            boolean second = afterReturn && c == '\n';
            afterReturn = c == '\r';
            if (second) {
                continue;
            }
            if (c == '\n' || c == '\r') {
                return text();
            }
            line.write(c);
        }
        return null;
    }

    private String text() {
        String text = line.toString(StandardCharsets.UTF_8);
        boolean marked = first && text.startsWith(MARK);
        first = false;
        return marked ? text.substring(1) : text;
    }
}
