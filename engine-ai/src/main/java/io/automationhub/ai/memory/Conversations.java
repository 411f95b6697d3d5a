package io.automationhub.ai.memory;

import io.automationhub.ai.message.Message;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.DocumentUpdates;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The conversations of agents in a document store, which all processes share. An exchange is added as a whole when there is an answer:
 * of two runs that use a conversation at the same time neither hears of the other, and what they say is never mixed. Safe for use by
 * several threads.
 */
public final class Conversations {

    /** The most characters of an id. */
    public static final int MOST_ID = 150;

    private static final String CONVERSATIONS = "agent-conversations";
    private static final String EXCHANGES = "agent-exchanges";

    /** So many exchanges are remembered to have been added, in case that they are once more. */
    private static final int RECENT = 100;

    /** The most exchanges that are read to find what is told; a window has no room for more messages. */
    private static final int MOST_READ = 500;

    private final DocumentStore documents;
    private final DocumentUpdates heads;

    public Conversations(DocumentStore documents) {
        this.documents = documents;
        heads = new DocumentUpdates(documents, CONVERSATIONS);
    }

    /** A conversation; empty if nothing was said. */
    public Optional<AgentConversation> find(String tenant, String id) {
        return documents.find(CONVERSATIONS, tenant, id).map(found -> conversation(id, found.body()));
    }

    /**
     * Conversations by id.
     *
     * @param after the cursor of the page before; null for the first page
     * @param limit the most entries of the page, 1 to 1000
     */
    public Page<AgentConversation> list(String tenant, @Nullable String after, int limit) {
        Page<Document> page =
                documents.list(DocumentQuery.of(CONVERSATIONS, tenant, limit).after(after));
        return new Page<>(
                page.items().stream()
                        .map(each -> conversation(each.id(), each.body()))
                        .toList(),
                page.next());
    }

    /**
     * What was said in a conversation, the oldest first.
     *
     * @param after the cursor of the page before; null for the first page
     * @param limit the most exchanges of the page, 1 to 1000
     */
    public Page<AgentMessage> messages(String tenant, String id, @Nullable String after, int limit) {
        Page<Document> page = documents.list(DocumentQuery.of(EXCHANGES, tenant, limit)
                .where("conversation", id)
                .after(after));
        List<AgentMessage> messages = new ArrayList<>();
        for (Document document : page.items()) {
            Exchange exchange = Exchange.of(document.body());
            exchange.messages()
                    .forEach(message -> messages.add(
                            new AgentMessage(exchange.number(), exchange.execution(), exchange.at(), message)));
        }
        return new Page<>(messages, page.next());
    }

    /** Forgets a conversation. False if there was none. */
    public boolean delete(String tenant, String id) {
        Optional<Document> head = documents.find(CONVERSATIONS, tenant, id);
        boolean deleted = head.isPresent() && delete(CONVERSATIONS, tenant, head.get());
        Page<Document> page;
        do {
            page = documents.list(DocumentQuery.of(EXCHANGES, tenant, RECENT).where("conversation", id));
            page.items().forEach(exchange -> delete(EXCHANGES, tenant, exchange));
        } while (page.next() != null);
        return deleted;
    }

    /**
     * Forgets the conversations in which nothing was said since a time.
     *
     * @return how many
     */
    public int deleteBefore(String tenant, Instant time) {
        List<String> old = new ArrayList<>();
        String cursor = null;
        do {
            Page<AgentConversation> page = list(tenant, cursor, RECENT);
            page.items().stream()
                    .filter(each -> each.updatedAt().isBefore(time))
                    .forEach(each -> old.add(each.id()));
            cursor = page.next();
        } while (cursor != null);
        return (int) old.stream().filter(id -> delete(tenant, id)).count();
    }

    private boolean delete(String collection, String tenant, Document document) {
        try {
            documents.delete(collection, tenant, document.id(), document.version());
            return true;
        } catch (VersionMismatchException e) {
            return false;
        }
    }

    // ---------------------------------------------------------------- what agents do

    /**
     * What an agent is told.
     *
     * @param sums whether what there is no room for will be summed up; then half of the room is left, so that this happens seldom
     */
    public History history(String tenant, String id, MemoryWindow window, boolean sums) {
        AgentConversation found = find(tenant, id).orElse(null);
        if (found == null) {
            return History.NONE;
        }
        List<Exchange> all = exchanges(tenant, found, sums ? MOST_READ : window.maxMessages());
        List<Exchange> told = window.last(all);
        if (!sums || told.size() == all.size()) {
            return new History(found.summary(), told, List.of());
        }
        List<Exchange> kept = window.half().last(all);
        return new History(found.summary(), kept, all.subList(0, all.size() - kept.size()));
    }

    /** The last exchanges behind the summary. */
    private List<Exchange> exchanges(String tenant, AgentConversation of, int most) {
        List<Exchange> all = new ArrayList<>();
        for (long number = Math.max(of.summarized(), of.exchanges() - most); number < of.exchanges(); number++) {
            documents
                    .find(EXCHANGES, tenant, exchangeId(of.id(), number))
                    .ifPresent(document -> all.add(Exchange.of(document.body())));
        }
        return all;
    }

    /**
     * Adds an exchange, once however often it is added.
     *
     * @param key what tells it from all others
     * @param agent the id of the workflow that answers
     * @throws IllegalArgumentException if the id of the conversation is empty or has more than {@value #MOST_ID} characters
     */
    public void add(
            String tenant, String id, String key, String agent, String execution, Instant at, List<Message> messages) {
        check(id);
        JsonObject head = heads.update(tenant, id, seen -> withOne(seen, key, agent, at));
        long number = numberOf(head, key);
        try {
            Document unused = documents.put(
                    EXCHANGES,
                    tenant,
                    exchangeId(id, number),
                    DocumentStore.ABSENT,
                    new Exchange(number, execution, at, messages).toJson(),
                    Map.of("conversation", id));
        } catch (VersionMismatchException e) {
            // It was added before, by a process that did not come to hear of it.
        }
    }

    /**
     * Keeps what the oldest exchanges came to; an older summary does not replace a newer one.
     *
     * @param upTo the number of the first exchange that the summary is not of
     */
    public void summarize(String tenant, String id, String summary, long upTo) {
        JsonObject unused = heads.update(
                tenant,
                id,
                seen -> seen.isEmpty() || whole(seen, "summarized") >= upTo
                        ? seen
                        : seen.with("summary", summary).with("summarized", upTo));
    }

    /** @throws IllegalArgumentException if it is no id */
    public static void check(String id) {
        if (id.isEmpty() || id.length() > MOST_ID) {
            throw new IllegalArgumentException(
                    "The id of a conversation has 1 to " + MOST_ID + " characters, found " + id.length());
        }
    }

    // ---------------------------------------------------------------- documents

    private static JsonObject withOne(JsonObject seen, String key, String agent, Instant at) {
        if (numberOf(seen, key) >= 0) {
            return seen;
        }
        long number = whole(seen, "exchanges");
        List<@Nullable Object> recent = new ArrayList<>(recent(seen));
        recent.add(JsonObject.of("key", key).with("number", number));
        JsonObject begun = seen.isEmpty() ? JsonObject.of("agent", agent).with("startedAt", at.toEpochMilli()) : seen;
        return begun.with("exchanges", number + 1)
                .with("updatedAt", Math.max(whole(seen, "updatedAt"), at.toEpochMilli()))
                .with("recent", recent.subList(Math.max(0, recent.size() - RECENT), recent.size()));
    }

    private static List<@Nullable Object> recent(JsonObject head) {
        return head.get("recent") instanceof JsonArray list ? list : JsonArray.EMPTY;
    }

    /** -1 if it is not among those that were added last. */
    private static long numberOf(JsonObject head, String key) {
        return recent(head).stream()
                .map(Json::object)
                .filter(each -> key.equals(each.get("key")))
                .mapToLong(each -> whole(each, "number"))
                .findFirst()
                .orElse(-1);
    }

    private static AgentConversation conversation(String id, JsonObject body) {
        return new AgentConversation(
                id,
                Json.toText(body.get("agent")),
                whole(body, "exchanges"),
                body.get("summary") instanceof String summary ? summary : "",
                whole(body, "summarized"),
                Instant.ofEpochMilli(whole(body, "startedAt")),
                Instant.ofEpochMilli(whole(body, "updatedAt")));
    }

    private static long whole(JsonObject body, String field) {
        return body.get(field) instanceof Long number ? number : 0;
    }

    /** Numbers have as many digits as there can be, so that the order of ids is theirs. */
    private static String exchangeId(String conversation, long number) {
        return conversation + "/" + String.format(java.util.Locale.ROOT, "%010d", number);
    }
}
