package io.automationhub.connectors.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.testkit.RunAssert;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes keep to the rate of their connection, and leave a server alone that fails. */
class ConnectionLimitsTest {

    private static final Headers JSON = Headers.of("Content-Type", "application/json");

    private final MockWebServer server = new MockWebServer();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final InMemoryConnections connections = new InMemoryConnections();
    private final ConnectorsModule module =
            ConnectorsModule.builder().door(door).connections(connections).build();
    private final List<Instant> times = new CopyOnWriteArrayList<>();
    private TestEngine engine = TestEngine.create();

    @BeforeEach
    void start() throws IOException {
        server.start();
        engine = start(0);
    }

    private TestEngine start(int crashAfter) {
        engine.close();
        TestEngine.Builder builder = TestEngine.builder().engine(building -> building.install(module));
        return (crashAfter > 0 ? builder.crashAfter(crashAfter) : builder).build();
    }

    @AfterEach
    void stop() {
        engine.close();
        door.close();
        server.close();
    }

    private void connect(String limits) {
        connections.put(
                WorkflowEngine.DEFAULT_TENANT,
                Connection.of(
                        "api",
                        Json.object(Json.parse(
                                ("{'baseUrl': '" + server.url("/") + "', " + limits + "}").replace('\'', '"'))),
                        AuthenticationMethods.STANDARD));
    }

    private static Workflow workflow(String nodes) {
        return WorkflowJson.parse(("{'format':1,'id':'w','nodes':[" + nodes + "],'edges':[]}").replace('\'', '"'));
    }

    private Instant now() {
        long micros = engine.clock().epochMicros(engine.clock().nanos());
        return Instant.ofEpochMilli(micros / 1000);
    }

    /** Answers, and remembers when on the engine's clock. */
    private void answerAll(int status) {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                times.add(now());
                return new MockResponse(
                        status, JSON, "{\"path\": \"" + request.getUrl().encodedPath() + "\"}");
            }
        });
    }

    @Test
    void requestsOfOneRunWaitForTheRateWithoutAThread() {
        connect("'rate': {'requests': 2, 'per': '1m'}");
        answerAll(200);

        TestRun run = engine.start(
                        workflow(
                                "{'id':'all','type':'forEach','data':{'config':{'items':[1,2,3,4,5]}}},"
                                        + "{'id':'call','type':'http.request','parentId':'all','data':{'connection':'api','config':{'url':'{{item}}'}}}"),
                        JsonObject.EMPTY)
                .untilEnd();

        RunAssert.assertThat(run).succeeded();
        Instant first = times.get(0);
        assertThat(times.stream().map(at -> Duration.between(first, at).toMinutes()))
                .containsExactly(0L, 0L, 1L, 1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void aPageThatWaitsForTheRateIsAskedForOnceThoughTheProcessDies(int crashAfter) {
        connect("'rate': {'requests': 1, 'per': '1h'}");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String page = request.getUrl().queryParameter("page");
                times.add(now());
                return new MockResponse(200, JSON, page.equals("3") ? "[]" : "[" + page + "]");
            }
        });
        engine = start(crashAfter);

        TestRun run = engine.start(
                        workflow("{'id':'call','type':'http.request','data':{'connection':'api','config':{'url':'/',"
                                + "'pagination':{'mode':'page','parameter':'page'}}}}"),
                        JsonObject.EMPTY)
                .untilEnd();

        assertThat(run.record().output()).isEqualTo(Json.parse("{\"items\":[1,2],\"pages\":3,\"complete\":true}"));
        for (int i = 1; i < times.size(); i++) {
            Duration between = Duration.between(times.get(i - 1), times.get(i));
            // A page whose answer was not kept when the process died is asked for again in its own place.
            assertThat(between.isZero() || between.compareTo(Duration.ofMinutes(59)) > 0)
                    .isTrue();
        }
    }

    @Test
    void aServerThatFailsIsLeftAloneAndTriedAgainAfterThePause() {
        connect("'breaker': {'failures': 2, 'pause': '5m'}");
        answerAll(503);
        String node = "{'id':'call','type':'http.request','data':{'connection':'api','config':{'url':'/'}}}";

        for (int i = 0; i < 3; i++) {
            assertThat(engine.start(workflow(node), JsonObject.EMPTY)
                            .untilEnd()
                            .record()
                            .error()
                            .kind())
                    .isEqualTo("unavailable");
        }
        assertThat(server.getRequestCount()).isEqualTo(2);
        assertThat(module.health(WorkflowEngine.DEFAULT_TENANT, "api").failures())
                .isEqualTo(2);

        answerAll(200);
        TestRun patient = engine.start(
                        workflow(node.replace("'config'", "'retry':{'maxAttempts':2},'config'")), JsonObject.EMPTY)
                .untilEnd();
        RunAssert.assertThat(patient).succeeded();
        assertThat(server.getRequestCount()).isEqualTo(3);
        assertThat(module.health(WorkflowEngine.DEFAULT_TENANT, "api").pausedUntil())
                .isEmpty();
    }

    @Test
    void whatAServerRefusesIsNoFailureOfIt() {
        connect("'breaker': {'failures': 1, 'pause': '5m'}");
        answerAll(404);
        String node = "{'id':'call','type':'http.request','data':{'connection':'api','config':{'url':'/'}}}";

        for (int i = 0; i < 3; i++) {
            assertThat(engine.start(workflow(node), JsonObject.EMPTY)
                            .untilEnd()
                            .record()
                            .error()
                            .kind())
                    .isEqualTo("http-status");
        }
        assertThat(server.getRequestCount()).isEqualTo(3);
    }
}
