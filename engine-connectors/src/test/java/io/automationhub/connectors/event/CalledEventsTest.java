package io.automationhub.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.secret.InMemorySecrets;
import io.automationhub.connectors.webhook.WebhookAnswer;
import io.automationhub.connectors.webhook.WebhookRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What another system tells by a call starts the runs that wait for it. */
class CalledEventsTest {

    private static final String TENANT = WorkflowEngine.DEFAULT_TENANT;
    private static final String SECRET = "h00k";

    private static final String FILE = """
            {'format': 1, 'id': 'forge', 'version': '1', 'title': 'Forge', 'baseUrl': 'https://api.forge.example',
             'webhook': {'type': 'hmac', 'header': 'X-Sign'},
             'operations': [{'id': 'get', 'method': 'GET', 'path': '/'}],
             'events': [
               {'id': 'issue-opened', 'call': {'data': '/issue', 'schema': {'properties': {'number': {'type': 'integer'}}},
                 'when': [{'header': 'X-Event', 'is': 'issues'}, {'at': '/action', 'is': 'opened'}]}},
               {'id': 'push', 'call': {'when': [{'header': 'X-Event', 'is': 'push'}]}}]}
            """;

    private final InMemoryConnections connections = new InMemoryConnections();
    private final Connector connector = Connector.of(json(FILE));
    private final ConnectorsModule module = ConnectorsModule.builder()
            .connections(connections)
            .secrets(new InMemorySecrets().put(TENANT, "hook", SECRET).put(TENANT, "other", "0ther"))
            .connector(connector)
            .build();
    private final WorkflowEngine engine =
            WorkflowEngine.builder().install(module).build();

    @BeforeEach
    void connect() {
        for (String secret : List.of("hook", "other")) {
            connections.put(
                    TENANT,
                    Connection.of(
                            secret,
                            connector.connection(json("{'webhook': {'secret': {'$secret': '" + secret + "'}}}")),
                            AuthenticationMethods.STANDARD));
        }
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private static String trigger(String id, String event, String connection) {
        return "{'id': '" + id + "', 'type': 'trigger.forge." + event + "', 'data': {" + connection
                + "'config': {'path': 'in'}}}";
    }

    private static Workflow workflow(String triggers) {
        return WorkflowJson.parse(
                ("{'format': 1, 'id': 'w', 'nodes': [" + triggers + "], 'edges': [], 'output': '{{input.data}}'}")
                        .replace('\'', '"'));
    }

    private int call(String event, String body) throws Exception {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        WebhookAnswer answer = module.webhooks(engine)
                .handle(new WebhookRequest(
                        TENANT,
                        "POST",
                        "https://hub.example/live/w/in",
                        "/live/w/in",
                        Map.of(
                                "X-Event",
                                List.of(event),
                                "X-Sign",
                                List.of(HexFormat.of().formatHex(mac.doFinal(bytes))),
                                "Content-Type",
                                List.of("application/json")),
                        new ByteArrayInputStream(bytes)));
        return answer.status();
    }

    private List<ExecutionRecord> runs() {
        return engine.executions(ExecutionQuery.of(TENANT)).items();
    }

    @Test
    void aCallStartsTheTriggerOfWhatItTellsAndNoOther() throws Exception {
        engine.workflows()
                .publish(workflow(trigger("opened", "issue-opened", "'connection': 'hook', ") + ","
                        + trigger("pushed", "push", "'connection': 'hook', ")));

        assertThat(call("issues", "{'action': 'opened', 'issue': {'number': 7}}"))
                .isEqualTo(202);
        assertThat(call("issues", "{'action': 'closed', 'issue': {'number': 7}}"))
                .isEqualTo(204);
        assertThat(call("push", "{'ref': 'main'}")).isEqualTo(202);
        assertThat(call("push", "{'ref': 'main'}")).isEqualTo(202);

        assertThat(runs()).extracting(ExecutionRecord::trigger).containsExactlyInAnyOrder("opened", "pushed");
        ExecutionRecord opened = runs().stream()
                .filter(run -> "opened".equals(run.trigger()))
                .findFirst()
                .orElseThrow();
        assertThat((JsonObject) opened.input())
                .containsEntry("source", "forge.issue-opened")
                .containsEntry("connection", "hook")
                .containsEntry("data", JsonObject.of("number", 7))
                .containsOnlyKeys("id", "source", "connection", "seenAt", "data");
    }

    @Test
    void aCallIsTakenByTheTriggerWhoseConnectionItFits() throws Exception {
        engine.workflows()
                .publish(workflow(trigger("theirs", "push", "'connection': 'other', ") + ","
                        + trigger("mine", "push", "'connection': 'hook', ")));

        assertThat(call("push", "{}")).isEqualTo(202);
        assertThat(runs()).extracting(ExecutionRecord::trigger).containsExactly("mine");

        engine.workflows().publish(workflow(trigger("theirs", "push", "'connection': 'other', ")));
        assertThat(call("push", "{'n': 2}")).isEqualTo(401);
    }

    @Test
    void aTriggerWithoutAConnectionIsFoundBeforeItIsPublished() {
        assertThat(engine.validate(workflow(trigger("t", "push", ""))))
                .anySatisfy(problem -> assertThat(problem.message()).contains("needs a connection"));
    }

    @Test
    void anEventIsEitherListedOrCalled() {
        String both = FILE.replace("'id': 'push',", "'id': 'push', 'operation': 'get', 'key': '/id',");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Connector.of(json(both)))
                .withMessageContaining("/events/1");
    }
}
