package io.automationhub.connectors.request;

import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Goes from page to page of an answer: by the header {@code Link} or a URL in the body ({@code link}), by a cursor in the body
 * ({@code cursor}), by counting pages ({@code page}) or items ({@code offset}).
 */
final class Pagination {

    /** The kind of failure of pages that lead in a circle or to another server. */
    static final String KIND_PAGINATION = "pagination";

    private static final int MOST_PAGES = 100;

    /** As <a href="https://www.rfc-editor.org/rfc/rfc8288">RFC 8288</a> writes it. */
    private static final Pattern NEXT =
            Pattern.compile("<([^>]*)>[^<]*;\\s*rel=\"?(?:[^\",;]*\\s)?next(?:\\s[^\",;]*)?\"?");

    private final JsonObject config;
    private final ExecutionContext context;
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
        this.context = context;
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
    JsonObject read(HttpCall first, Function<HttpCall, Answer> send) {
        List<@Nullable Object> items = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        long most = number("maxPages", MOST_PAGES);
        String position = mode == Mode.PAGE || mode == Mode.OFFSET
                ? Long.toString(number("start", mode == Mode.PAGE ? 1 : 0))
                : null;
        int pages = 0;
        do {
            HttpCall call = at(first, position);
            Object page = context.once("page-" + pages, () -> page(call, send.apply(call)));
            JsonObject read = Json.object(page);
            JsonArray found = (JsonArray) read.get("items");
            items.addAll(found == null ? JsonArray.EMPTY : found);
            pages++;
            position = next(read, items.size(), position, found == null ? 0 : found.size());
            if (position != null && !seen.add(position)) {
                throw wrong("page " + (pages + 1) + " is one that was read already; the pages lead in a circle");
            }
        } while (position != null && pages < most);
        return JsonObject.builder()
                .put("items", JsonArray.of(items.toArray()))
                .put("pages", pages)
                .put("complete", position == null)
                .build();
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

    /** What is kept of a page: its items and where the next one is. */
    private JsonObject page(HttpCall call, Answer answer) {
        String pointer = config.get("items") == null ? "" : text("items");
        Object items = JsonPointer.read(answer.body(), pointer);
        if (items != null && !(items instanceof JsonArray)) {
            throw wrong("the answer has " + Json.typeName(items) + " at '" + pointer
                    + "', where a list is expected; let 'items' point to the list");
        }
        String next = switch (mode) {
            case LINK -> link(call, answer).orElse(null);
            case CURSOR -> cursor(answer);
            case PAGE, OFFSET -> null;
        };
        return JsonObject.builder()
                .put("items", items == null ? JsonArray.EMPTY : items)
                .put("next", next)
                .build();
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
                .orElseThrow(() -> wrong("the next page is said to be at another server, which is not followed")));
    }

    private @Nullable String next(JsonObject page, int items, @Nullable String position, int found) {
        return switch (mode) {
            case LINK, CURSOR -> (String) page.get("next");
            case PAGE -> isLast(found) ? null : Long.toString(Long.parseLong(String.valueOf(position)) + 1);
            case OFFSET -> isLast(found) ? null : Long.toString(number("start", 0) + items);
        };
    }

    private boolean isLast(int found) {
        return found == 0 || found < number("size", 0);
    }

    private String text(String field) {
        return Json.toText(config.get(field));
    }

    private long number(String field, long otherwise) {
        return config.get(field) instanceof Long number ? number : otherwise;
    }

    private NonRetriableException wrong(String what) {
        return new NonRetriableException(
                KIND_PAGINATION, "Cannot read the pages of node '" + context.nodeId() + "': " + what, null);
    }
}
