package io.automationhub.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.WorkflowJson;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** A call from outside, a look-up and a message, over real HTTP. */
class WebhookHostTest {

    private static final Path WORKFLOW = Path.of("../workflows/signup-notification.json");
    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;
    private static final String SECRET = "f0rms-s3cr3t";

    private final InMemoryConnections connections = new InMemoryConnections();

    private void connect(String id, String definition) {
        connections.put(
                TENANT,
                Connection.of(
                        id, Json.object(Json.parse(definition.replace('\'', '"'))), AuthenticationMethods.STANDARD));
    }

    private static String signed(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aSignedCallIsLookedUpAndAnnouncedOnceAndItsRepetitionIsAnsweredTheSame() throws Exception {
        List<String> messages = new CopyOnWriteArrayList<>();
        HttpServer others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        others.createContext("/", call -> {
            if (call.getRequestMethod().equals("POST")) {
                messages.add(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            }
            byte[] answer = ("{\"account\": 7, \"name\": \""
                            + call.getRequestURI().getRawQuery() + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "application/json");
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        others.start();
        String address = "http://127.0.0.1:" + others.getAddress().getPort();
        connect("forms", "{'webhook': {'type': 'hmac', 'header': 'X-Signature', 'secret': {'$secret': 'forms'}}}");
        connect("directory", "{'baseUrl': '" + address + "'}");
        connect("chat", "{'baseUrl': '" + address + "'}");
        HttpDoor door = HttpDoor.builder()
                .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
                .build();
        ConnectorsModule module = ConnectorsModule.builder()
                .door(door)
                .connections(connections)
                .secrets(new InMemorySecrets().put(TENANT, "forms", SECRET))
                .build();
        try (door;
                WorkflowEngine engine = WorkflowEngine.builder().install(module).build();
                WebhookHost host = new WebhookHost(module.webhooks(engine), 0)) {
            engine.workflows().publish(WorkflowJson.read(WORKFLOW));
            String body = "{\"email\": \"ada@example.com\"}";

            HttpResponse<String> first = post(host, body, signed(body));
            HttpResponse<String> again = post(host, body, signed(body));
            HttpResponse<String> forged = post(host, body.replace("ada", "eve"), signed(body));

            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(first.body())
                    .isEqualTo("{\"account\":7,\"announced\":200}")
                    .isEqualTo(again.body());
            assertThat(forged.statusCode()).isEqualTo(401);
            assertThat(messages).containsExactly("{\"text\":\"email=ada%40example.com signed up for engine\"}");
        } finally {
            others.stop(0);
        }
    }

    private static HttpResponse<String> post(WebhookHost host, String body, String signature) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(host.url() + "/live/signup-notification/signup/engine"))
                                .header("Content-Type", "application/json")
                                .header("X-Signature", signature)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
