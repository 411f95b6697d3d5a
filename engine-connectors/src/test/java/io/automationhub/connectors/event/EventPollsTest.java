package io.automationhub.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens in another system is asked for, and starts runs at least once. */
class EventPollsTest {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;

    private final MockWebServer server = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemoryConnections connections = new InMemoryConnections();
    private final DocumentStore documents = new InMemoryDocumentStore();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T12:00:00Z"));
    private WorkflowEngine engine = WorkflowEngine.create();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        engine.close();
        door.close();
        server.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private static Connector connector(String event) {
        return Connector.of(json("{'format': 1, 'id': 'crm', 'version': '1', 'title': 'CRM', 'operations': ["
                + "{'id': 'list', 'method': 'GET', 'path': '/lists/{list}', 'parameters': [{'name': 'list', 'in': 'path'},"
                + "{'name': 'since', 'in': 'query'}, {'name': 'sort', 'in': 'query'}], 'result': {'schema': {'properties':"
                + "{'data': {'type': 'array', 'items': {'properties': {'id': {'type': 'integer'}}}}}}}}],"
                + "'events': [{'id': 'created', 'operation': 'list', 'items': '/data', 'key': '/id', " + event
                + "}]}"));
    }

    private static Workflow workflow(String config) {
        return WorkflowJson.parse(
                ("{'format': 1, 'id': 'w', 'nodes': [{'id': 'new', 'type': 'trigger.crm.created', 'data':"
                                + " {'connection': 'mine', 'config': " + config
                                + "}}], 'edges': [], 'output': '{{input.data.id}}'}")
                        .replace('\'', '"'));
    }

    private EventPolls polls(String event, String connection) {
        return polls(event, connection, documents, 100);
    }

    private EventPolls polls(String event, String connection, DocumentStore store, int most) {
        connections.put(
                TENANT,
                Connection.of(
                        "mine",
                        json("{'baseUrl': '" + server.url("/") + "'" + connection + "}"),
                        AuthenticationMethods.STANDARD));
        engine.close();
        engine = WorkflowEngine.builder()
                .maxExecutions(most)
                .admissionTimeout(Duration.ZERO)
                .install(ConnectorsModule.builder()
                        .door(door)
                        .connections(connections)
                        .connector(connector(event))
                        .build())
                .build();
        engine.workflows().publish(workflow("{'list': 'a'}"));
        return new EventPolls(engine, store, now::get);
    }

    private void answer(String items) {
        server.enqueue(new MockResponse(
                200, Headers.of("Content-Type", "application/json"), "{\"data\": " + items.replace('\'', '"') + "}"));
    }

    private int later(EventPolls polls, Duration time) {
        now.updateAndGet(at -> at.plus(time));
        return polls.pollDue(TENANT);
    }

    /** The events of all runs, the first first. */
    private List<Object> events() {
        return engine.executions(ExecutionQuery.of(TENANT)).items().stream()
                .sorted(Comparator.comparing(ExecutionRecord::startedAt).thenComparing(ExecutionRecord::id))
                .map(run -> JsonPointer.read(run.input(), "/data/id"))
                .toList();
    }

    private String asked() throws InterruptedException {
        return server.takeRequest().getTarget();
    }

    @Test
    void eachEventStartsOneRunAndThoseThatWereThereBeforeNone() {
        EventPolls polls = polls("'every': '1m'", "");
        answer("[{'id': 1}, {'id': 2}]");
        answer("[{'id': 1}, {'id': 2}, {'id': 3}, {'id': 4}]");
        answer("[{'id': 3}, {'id': 4}, {'id': 4}, {'id': 5}]");

        assertThat(polls.pollDue(TENANT)).isZero();
        assertThat(later(polls, Duration.ofSeconds(59))).isZero();
        assertThat(later(polls, Duration.ofSeconds(1))).isEqualTo(2);
        assertThat(later(polls, Duration.ofMinutes(1))).isEqualTo(1);

        assertThat(events()).containsExactly(3L, 4L, 5L);
        ExecutionRecord run =
                engine.executions(ExecutionQuery.of(TENANT)).items().get(0);
        assertThat((JsonObject) run.input())
                .containsEntry("source", "crm.created")
                .containsEntry("connection", "mine")
                .containsKeys("id", "seenAt", "data");
    }

    @Test
    void whatWasReadIsToldTheServerAndTheOldestComesFirst() throws InterruptedException {
        EventPolls polls = polls(
                "'since': {'field': 'since', 'value': '/at'}, 'newestFirst': true, 'config': {'sort': 'new'}", "");
        answer("[{'id': 2, 'at': '2026-01-02T00:00:00Z'}, {'id': 1, 'at': '2026-01-01T00:00:00Z'}]");
        answer("[{'id': 4, 'at': '2026-01-04T00:00:00Z'}, {'id': 3, 'at': '2026-01-03T00:00:00Z'},"
                + " {'id': 2, 'at': '2026-01-02T00:00:00Z'}]");
        answer("[]");

        later(polls, Duration.ofMinutes(1));
        later(polls, Duration.ofMinutes(1));
        later(polls, Duration.ofMinutes(1));

        assertThat(events()).containsExactly(3L, 4L);
        assertThat(asked()).isEqualTo("/lists/a?sort=new");
        assertThat(asked()).isEqualTo("/lists/a?since=2026-01-02T00%3A00%3A00Z&sort=new");
        assertThat(asked()).isEqualTo("/lists/a?since=2026-01-04T00%3A00%3A00Z&sort=new");
    }

    @Test
    void anEventThatStartsNoRunIsTriedAgainAndHoldsUpNoOther() throws InterruptedException {
        EventPolls polls = polls("'since': {'field': 'since', 'value': '/id'}", "");
        Workflow any = workflow("{'list': 'a'}");
        engine.workflows()
                .publish(WorkflowJson.parse(Json.write(Json.object(Json.parse(WorkflowJson.write(any)))
                        .with(
                                "input",
                                json("{'properties': {'data': {'properties': {'id': {'not': {'const': 4}}}}}}")))));
        answer("[{'id': 2}]");
        answer("[{'id': 3}, {'id': 4}, {'id': 5}]");
        answer("[{'id': 4}, {'id': 5}, {'id': 6}]");
        answer("[{'id': 4}, {'id': 5}, {'id': 6}]");
        answer("[]");

        later(polls, Duration.ofMinutes(1));
        later(polls, Duration.ofMinutes(1));
        EventPolls.Status refused = polls.status(TENANT, "w", "new").orElseThrow();
        later(polls, Duration.ofMinutes(1));

        assertThat(events()).containsExactly(3L, 5L, 6L);
        assertThat(refused.error()).contains("the event '4'").contains("/data/id");
        assertThat(refused.failures()).isZero();

        engine.workflows().publish(any);
        later(polls, Duration.ofMinutes(1));
        later(polls, Duration.ofMinutes(1));

        assertThat(events()).containsExactly(3L, 5L, 6L, 4L);
        assertThat(polls.status(TENANT, "w", "new").orElseThrow().error()).isNull();
        assertThat(List.of(asked(), asked(), asked(), asked(), asked()))
                .containsExactly(
                        "/lists/a", "/lists/a?since=2", "/lists/a?since=3", "/lists/a?since=3", "/lists/a?since=6");
    }

    @Test
    void aProcessThatDiesAfterItStartedRunsStartsNoneTwiceAndLosesNone() {
        AtomicInteger puts = new AtomicInteger();
        DocumentStore dying = new DyingStore(documents, puts);
        EventPolls polls = polls("'every': '1m'", "", dying, 100);
        answer("[{'id': 1}]");
        answer("[{'id': 1}, {'id': 2}]");
        answer("[{'id': 1}, {'id': 2}, {'id': 3}]");
        later(polls, Duration.ofMinutes(1));
        puts.set(1);

        try {
            later(polls, Duration.ofMinutes(1));
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("died");
        }
        assertThat(events()).containsExactly(2L);
        EventPolls next = new EventPolls(engine, documents, now::get);
        assertThat(later(next, Duration.ofMinutes(1))).isZero();
        assertThat(later(next, Duration.ofMinutes(10))).isEqualTo(1);

        assertThat(events()).containsExactly(2L, 3L);
    }

    /** Dies before the second document that it is to keep, counted from when the test says. */
    private record DyingStore(DocumentStore inner, AtomicInteger puts) implements DocumentStore {

        @Override
        public Document put(
                String collection,
                String tenant,
                String id,
                long expected,
                JsonObject body,
                Map<String, String> fields,
                @Nullable Instant due) {
            if (puts.get() > 0 && puts.incrementAndGet() > 2) {
                throw new IllegalStateException("died");
            }
            return inner.put(collection, tenant, id, expected, body, fields, due);
        }

        @Override
        public List<DueDocument> due(String collection, Instant until, int limit) {
            return inner.due(collection, until, limit);
        }

        @Override
        public Optional<Document> find(String collection, String tenant, String id) {
            return inner.find(collection, tenant, id);
        }

        @Override
        public void delete(String collection, String tenant, String id, long expected) {
            inner.delete(collection, tenant, id, expected);
        }

        @Override
        public Page<Document> list(DocumentQuery query) {
            return inner.list(query);
        }
    }

    @Test
    void ofManyProcessesOneAsks() throws Exception {
        EventPolls polls = polls("'every': '1m'", "");
        answer("[]");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch together = new CountDownLatch(1);
        try {
            List<Future<Integer>> asked = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                EventPolls process = i == 0 ? polls : new EventPolls(engine, documents, now::get);
                asked.add(threads.submit(() -> {
                    together.await();
                    return process.pollDue(TENANT);
                }));
            }
            together.countDown();
            for (Future<Integer> each : asked) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aServerThatFailsIsAskedLessAndLessOftenAndNothingIsLost() {
        EventPolls polls = polls("'every': '1m'", "");
        answer("[]");
        later(polls, Duration.ofMinutes(1));
        server.enqueue(new MockResponse(503, Headers.of(), ""));
        server.enqueue(new MockResponse(503, Headers.of("Retry-After", "600"), ""));
        answer("[{'id': 1}]");

        later(polls, Duration.ofMinutes(1));
        EventPolls.Status status = polls.status(TENANT, "w", "new").orElseThrow();
        assertThat(status.failures()).isEqualTo(1);
        assertThat(status.error()).contains("status 503");
        later(polls, Duration.ofMinutes(1));
        assertThat(polls.status(TENANT, "w", "new").orElseThrow().nextAt())
                .isEqualTo(now.get().plus(Duration.ofMinutes(10)));
        assertThat(later(polls, Duration.ofMinutes(9))).isZero();
        assertThat(later(polls, Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(polls.status(TENANT, "w", "new").orElseThrow().failures()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [{"name": "x"}]   | tells it from others
            {"id": 1}         | no list at '/data'
            """)
    void aListThatIsNoneIsSaid(String items, String said) {
        EventPolls polls = polls("'every': '1m'", "");
        answer(items);

        later(polls, Duration.ofMinutes(1));

        assertThat(polls.status(TENANT, "w", "new").orElseThrow().error()).contains(said);
    }

    @Test
    void aConnectionsRateIsWaitedFor() {
        EventPolls polls = polls("'every': '1s'", ", 'rate': {'requests': 1, 'per': '1h'}");
        answer("[]");
        answer("[{'id': 1}]");

        later(polls, Duration.ofSeconds(1));
        later(polls, Duration.ofSeconds(1));
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(polls.status(TENANT, "w", "new").orElseThrow().failures()).isZero();
        later(polls, Duration.ofHours(2));

        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                          | list
            {'list': 'a', 'every': 7}   | every
            {'list': 'a', 'sort': 'x'}  | sort
            """)
    void aTriggerThatDoesNotFitIsFoundBeforeItIsPublished(String config, String named) {
        EventPolls unused = polls("'config': {'sort': 'new'}", "");

        assertThat(engine.validate(workflow(config)))
                .anySatisfy(problem -> assertThat(problem.pointer() + problem.message() + problem.hint())
                        .contains(named));
    }
}
