package io.automationhub.connectors.request;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes from page to page, each of which is durable before the next is asked for. */
final class Pages {

    /** The kind of failure of pages that lead in a circle or to another server, or are none. */
    static final String KIND_PAGINATION = "pagination";

    private static final int MOST_PAGES = 100;

    private final ExecutionContext context;
    private final long most;

    /** @param config with {@code maxPages} */
    Pages(JsonObject config, ExecutionContext context) {
        this.context = context;
        most = config.get("maxPages") instanceof Long number ? number : MOST_PAGES;
    }

    /**
     * All items of all pages, as far as they may be asked for.
     *
     * @param first the position of the first page; null if it has none
     * @param advice what to look at if the pages lead in a circle
     * @param read the page at a position, as {@link #page} makes it
     */
    JsonObject read(@Nullable String first, String advice, Reader read) {
        List<@Nullable Object> items = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String position = first;
        int pages = 0;
        do {
            String here = position;
            int number = pages;
            JsonObject page = Json.object(context.once("page-" + number, () -> read.page(number, here)));
            items.addAll((JsonArray) page.get("items"));
            pages++;
            position = (String) page.get("next");
            if (position != null && !seen.add(position)) {
                throw wrong("page " + (pages + 1) + " is one that was read already; look at " + advice);
            }
        } while (position != null && pages < most);
        return JsonObject.builder()
                .put("items", JsonArray.of(items.toArray()))
                .put("pages", pages)
                .put("complete", position == null)
                .build();
    }

    /** Reads one page. */
    @FunctionalInterface
    interface Reader {

        /**
         * @param number of the page, from 0
         * @param position where it is; null if the first one needs none
         */
        JsonObject page(int number, @Nullable String position);
    }

    /** What is kept of a page: its items, and the position of the next one if there is one. */
    static JsonObject page(List<@Nullable Object> items, @Nullable Object next) {
        return JsonObject.builder()
                .put("items", JsonArray.of(items.toArray()))
                .put("next", next)
                .build();
    }

    NonRetriableException wrong(String what) {
        return new NonRetriableException(
                KIND_PAGINATION, "Cannot read the pages of node '" + context.nodeId() + "': " + what, null);
    }
}
