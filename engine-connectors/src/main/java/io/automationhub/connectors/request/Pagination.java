package io.automationhub.connectors.request;

import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Goes from page to page of an answer: by the header {@code Link} or a URL in the body ({@code link}), by a cursor in the body
 * ({@code cursor}), by counting pages ({@code page}) or items ({@code offset}).
 */
final class Pagination {

    /** As <a href="https://www.rfc-editor.org/rfc/rfc8288">RFC 8288</a> writes it. */
    private static final Pattern NEXT =
            Pattern.compile("<([^<>]*)>[^<]*;\\s*rel=\"?(?:[^\",;]*\\s)?next(?:\\s[^\",;]*)?\"?");

    private final JsonObject config;
    private final Pages pages;
    private final Mode mode;

    private enum Mode {
        LINK,
        CURSOR,
        PAGE,
        OFFSET;

        static Mode of(@Nullable Object text) {
            for (Mode mode : values()) {
                if (mode.name().equalsIgnoreCase(String.valueOf(text))) {
                    return mode;
                }
            }
            return LINK;
        }
    }

    Pagination(JsonObject config, ExecutionContext context) {
        this.config = config;
        pages = new Pages(config, context);
        mode = Mode.of(config.get("mode"));
    }

    /** What is wrong with a written configuration. */
    static Optional<String> problem(JsonObject config) {
        Mode mode = Mode.of(config.get("mode"));
        if (mode == Mode.CURSOR && !config.containsKey("next")) {
            return Optional.of(
                    "Pagination by cursor needs 'next', the pointer to the next cursor in the body: /meta/next");
        }
        if (mode != Mode.LINK && !config.containsKey("parameter")) {
            return Optional.of("Pagination by " + mode.name().toLowerCase(Locale.ROOT)
                    + " needs 'parameter', the name under which the query has it");
        }
        return Optional.empty();
    }

    /** All items of all pages, as far as they may be asked for. */
    JsonObject read(HttpCall first, BiFunction<Integer, HttpCall, Answer> send) {
        String start = switch (mode) {
            case LINK, CURSOR -> null;
            case PAGE -> Long.toString(number("start", 1));
            case OFFSET -> Long.toString(number("start", 0));
        };
        return pages.read(start, "the fields 'next' and 'parameter'", (number, position) -> {
            HttpCall call = at(first, position);
            return page(call, position, send.apply(number, call));
        });
    }

    private HttpCall at(HttpCall first, @Nullable String position) {
        if (position == null) {
            return sized(first);
        }
        if (mode == Mode.LINK) {
            return first.at(position);
        }
        return sized(first).onlyQuery(text("parameter"), position);
    }

    private HttpCall sized(HttpCall call) {
        Object parameter = config.get("sizeParameter");
        Object size = config.get("size");
        return parameter == null || size == null ? call : call.onlyQuery(Json.toText(parameter), Json.toText(size));
    }

    private JsonObject page(HttpCall call, @Nullable String position, Answer answer) {
        String pointer = config.get("items") == null ? "" : text("items");
        Object found = JsonPointer.read(answer.body(), pointer);
        if (found != null && !(found instanceof JsonArray)) {
            throw pages.wrong("the answer has " + Json.typeName(found) + " at '" + pointer
                    + "', where a list is expected; let 'items' point to the list");
        }
        JsonArray items = found == null ? JsonArray.EMPTY : (JsonArray) found;
        return Pages.page(
                items,
                switch (mode) {
                    case LINK -> link(call, answer).orElse(null);
                    case CURSOR -> cursor(answer);
                    case PAGE -> counted(position, 1, items.size());
                    case OFFSET -> counted(position, items.size(), items.size());
                });
    }

    /** The position behind a counted one; null behind the last page. */
    private @Nullable String counted(@Nullable String position, int step, int found) {
        boolean last = found == 0 || found < number("size", 0);
        return last || position == null ? null : Long.toString(Long.parseLong(position) + step);
    }

    private @Nullable String cursor(Answer answer) {
        Object cursor = JsonPointer.read(answer.body(), text("next"));
        String text = cursor == null || Boolean.FALSE.equals(cursor) ? "" : Json.toText(cursor);
        return text.isEmpty() ? null : text;
    }

    private Optional<String> link(HttpCall call, Answer answer) {
        String reference;
        if (config.containsKey("next")) {
            reference = cursor(answer);
        } else {
            Matcher link = NEXT.matcher(String.valueOf(answer.headers().get("link")));
            reference = link.find() ? link.group(1) : null;
        }
        if (reference == null) {
            return Optional.empty();
        }
        return Optional.of(HttpDoor.resolveAtOrigin(answer.url(), reference)
                .filter(url -> HttpDoor.origin(url).equals(HttpDoor.origin(call.url())))
                .orElseThrow(
                        () -> pages.wrong("the next page is said to be at another server, which is not followed")));
    }

    private String text(String field) {
        return Json.toText(config.get(field));
    }

    private long number(String field, long otherwise) {
        return config.get(field) instanceof Long number ? number : otherwise;
    }
}
