package io.automationhub.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.OAuthConsent;
import io.automationhub.connectors.connection.StoredConnections;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.SecretKeys;
import io.automationhub.connectors.secret.StoredSecrets;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two engines with one database, as two processes have it, share what they know of a connection. */
class SharedConnectionTest {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;

    private final JdbcDataSource database = new JdbcDataSource();
    private final SecretKeys keys = SecretKeys.random();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private final List<String> credentials = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<WorkflowEngine> engines = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/api", call -> {
            times.add(System.nanoTime());
            credentials.add(String.valueOf(call.getRequestHeaders().getFirst("Authorization")));
            answer(call, 200, "{}");
        });
        server.createContext("/token", call -> {
            String form = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int number = tokens.incrementAndGet();
            boolean right = number == 1 || form.contains("refresh_token=r" + (number - 1));
            // The first token is to be replaced at once.
            answer(
                    call,
                    right ? 200 : 400,
                    right
                            ? "{\"access_token\": \"a" + number + "\", \"refresh_token\": \"r" + number
                                    + "\", \"token_type\": \"bearer\", \"expires_in\": " + (number == 1 ? 0 : 3600)
                                    + "}"
                            : "{\"error\": \"invalid_grant\"}");
        });
        server.start();
    }

    private static void answer(HttpExchange call, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().set("Content-Type", "application/json");
        call.sendResponseHeaders(status, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    @AfterEach
    void stop() {
        engines.forEach(WorkflowEngine::close);
        door.close();
        server.stop(0);
        threads.shutdownNow();
    }

    /** As a process has it: its own store, module and engine. */
    private ConnectorsModule process() {
        JdbcWorkflowStore store = JdbcWorkflowStore.create(database);
        ConnectorsModule module = ConnectorsModule.builder()
                .door(door)
                .connections(new StoredConnections(store.documents(), AuthenticationMethods.STANDARD))
                .secrets(new StoredSecrets(store.documents(), keys))
                .documents(store.documents())
                .keys(keys)
                .build();
        engines.add(WorkflowEngine.builder().store(store).install(module).build());
        return module;
    }

    private String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void connect(String more) {
        JdbcWorkflowStore store = JdbcWorkflowStore.create(database);
        new StoredSecrets(store.documents(), keys).put(TENANT, "client", "s3cr3t");
        long unused = new StoredConnections(store.documents(), AuthenticationMethods.STANDARD)
                .create(
                        TENANT,
                        "api",
                        Json.object(Json.parse(
                                ("{'baseUrl': '" + address("/api") + "', " + more + "}").replace('\'', '"'))));
    }

    private void runOnBoth(int each) {
        Workflow workflow = Workflow.builder("w")
                .start(NodeSpec.of("call", "http.request").connection("api").with("url", ""))
                .build();
        List<ExecutionHandle> runs = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (WorkflowEngine engine : engines) {
                runs.add(engine.start(workflow, JsonObject.EMPTY));
            }
        }
        for (ExecutionHandle run : runs) {
            assertThat(run.await(Duration.ofSeconds(60)).orElseThrow()).isNotNull();
        }
    }

    @Test
    void theyKeepToOneRate() {
        connect("'rate': {'requests': 8, 'per': '2s'}");
        process();
        process();

        runOnBoth(8);

        // Each of them alone would send its eight at once.
        List<Long> sorted = times.stream().sorted().toList();
        assertThat(sorted).hasSize(16);
        assertThat(Duration.ofNanos(sorted.get(15) - sorted.get(0))).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void oneOfThemRenewsATokenThatIsRotated() {
        connect("'auth': {'type': 'authorizationCode', 'authorizationUrl': 'https://id.example/a', 'tokenUrl': '"
                + address("/token") + "', 'clientId': 'c', 'clientSecret': {'$secret': 'client'}}");
        OAuthConsent consent = process().consent();
        process();
        OAuthConsent.Begun begun = consent.begin(TENANT, "api", "https://app.example/back");
        OAuthConsent.Given unused = consent.complete(begun.state(), Map.of("state", begun.state(), "code", "c0de"));

        runOnBoth(8);

        assertThat(tokens).hasValue(2);
        assertThat(credentials).hasSize(16).containsOnly("Bearer a2");
    }
}
