package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.CompressingCodec;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.EncryptingCodec;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in the rows when payloads are compressed and encrypted, and who can read it. */
class PayloadTest {

    private static final String SECRET = "geheim-größe-😀";
    private static final byte[] OLD_KEY =
            "an old key of 32 bytes length...".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final byte[] NEW_KEY =
            "a newer key of 32 bytes length..".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final Workflow WORKFLOW = Workflow.builder("secret")
            .start(manualTrigger("begin"))
            .then(node("first", "step"))
            .then(node("wait", "wait.signal").with("name", "go"))
            .then(node("second", "step"))
            .build();

    static List<Database> databases() {
        return Database.available();
    }

    private static JdbcWorkflowStore store(HikariDataSource source, Map<String, byte[]> keys, String current) {
        return JdbcWorkflowStore.builder(source)
                .codecs(new CompressingCodec(1000), new EncryptingCodec(keys, current))
                .build();
    }

    private static WorkflowEngine engine(JdbcWorkflowStore store) {
        return WorkflowEngine.builder()
                .store(store)
                .pollInterval(Duration.ofMillis(20))
                .keepWaiting(Duration.ofMillis(20))
                .node("step", context -> JsonObject.of("small", SECRET).with("large", (SECRET + " ").repeat(2000)))
                .build();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void nothingOfARunCanBeReadInTheRowsAndAProcessWithANewKeyGoesOn(Database database) throws SQLException {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore before = store(source, Map.of("old", OLD_KEY), "old");
            String id;
            try (WorkflowEngine engine = engine(before)) {
                id = engine.start(WORKFLOW, Map.of("secret", SECRET)).id();
                DurableRunTest.await(
                        "that it waits", () -> engine.explain(id).toString().contains("go"));
                engine.signal("other", "key", "id", SECRET);
            }
            before.documents()
                    .put("notes", "default", "one", DocumentStore.ABSENT, JsonObject.of("note", SECRET), Map.of());
            assertThat(texts(source)).hasSizeGreaterThanOrEqualTo(4).noneMatch(text -> text.contains("geheim"));
            JdbcWorkflowStore after = store(source, Map.of("old", OLD_KEY, "new", NEW_KEY), "new");
            try (WorkflowEngine engine = engine(after)) {
                ExecutionHandle handle = engine.handle(id).orElseThrow();
                handle.signal("go", SECRET);
                WorkflowExecution run = handle.await(Duration.ofSeconds(20));
                assertThat(run.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
                assertThat(run.input()).isEqualTo(Map.of("secret", SECRET));
                assertThat(run.output()).isEqualTo(Map.of("small", SECRET, "large", (SECRET + " ").repeat(2000)));
                assertThat(run.node("first").orElseThrow().output()).isEqualTo(run.output());
            }
            assertThat(texts(source)).noneMatch(text -> text.contains("geheim"));
            assertThat(after.documents()
                            .find("notes", "default", "one")
                            .orElseThrow()
                            .body())
                    .isEqualTo(Map.of("note", SECRET));
            JdbcWorkflowStore without = store(source, Map.of("new", NEW_KEY), "new");
            assertThat(without.find("default", id).orElseThrow().error().message())
                    .contains("old")
                    .contains("key");
        }
    }

    /** All texts of all rows that hold payloads. */
    private static List<String> texts(HikariDataSource source) throws SQLException {
        List<String> texts = new ArrayList<>();
        for (String table : List.of("journal", "large_value", "inbox", "open_wait", "key_signal", "document")) {
            try (Connection connection = source.getConnection();
                    ResultSet rows = connection.createStatement().executeQuery("SELECT body FROM ahe_" + table)) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
        }
        return texts;
    }
}
