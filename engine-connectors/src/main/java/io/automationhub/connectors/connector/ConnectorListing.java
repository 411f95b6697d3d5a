package io.automationhub.connectors.connector;

import io.automationhub.engine.value.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * What a list of connectors shows of one.
 *
 * @param description empty if nothing is said
 * @param operations how many it has
 * @param servers that it calls
 */
public record ConnectorListing(
        String id,
        String version,
        String title,
        String description,
        List<String> keywords,
        int operations,
        List<String> servers) {

    private static final int MOST_OF_DESCRIPTION = 500;

    static ConnectorListing of(Connector connector) {
        String text = connector.description();
        return new ConnectorListing(
                connector.id(),
                connector.version(),
                connector.title(),
                text.length() <= MOST_OF_DESCRIPTION ? text : text.substring(0, MOST_OF_DESCRIPTION) + "…",
                connector.keywords(),
                connector.operations().size(),
                List.copyOf(connector.origins()));
    }

    static ConnectorListing of(JsonObject json) {
        Part part = new Part(json);
        return new ConnectorListing(
                part.text("id"),
                part.text("version"),
                part.text("title"),
                part.textOr("description", ""),
                part.texts("keywords"),
                json.get("operations") instanceof Long count ? Math.toIntExact(count) : 0,
                part.texts("servers"));
    }

    /** As JSON. */
    public JsonObject json() {
        return JsonObject.builder()
                .put("id", id)
                .put("version", version)
                .put("title", title)
                .put("description", description)
                .put("keywords", keywords)
                .put("operations", operations)
                .put("servers", servers)
                .build();
    }

    /**
     * How well it fits words: 0 if one of them is nowhere in it. A word in the id or the title counts more than one in a keyword,
     * and that more than one in the description.
     */
    int fits(List<String> words) {
        int sum = 1;
        for (String word : words) {
            int fits = contains(id + " " + title, word)
                    ? 4
                    : contains(String.join(" ", keywords), word) ? 2 : contains(description, word) ? 1 : 0;
            if (fits == 0) {
                return 0;
            }
            sum += fits;
        }
        return sum;
    }

    private static boolean contains(String text, String word) {
        return text.toLowerCase(Locale.ROOT).contains(word);
    }
}
