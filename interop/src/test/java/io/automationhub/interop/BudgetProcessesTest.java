package io.automationhub.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.budget.Budgets;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Processes with one PostgreSQL keep to a budget of models together, and none asks more after one has died. */
@Tag("campaign")
@Timeout(300)
class BudgetProcessesTest {

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();
    private EmbeddedPostgres postgres;
    private String url;
    private Budgets budgets;

    @BeforeEach
    void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        url = postgres.getJdbcUrl("postgres", "postgres");
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        budgets = AiModule.builder(ConnectorsModule.create())
                .documents(JdbcWorkflowStore.create(database).documents())
                .budget(BudgetProcess.BUDGET)
                .build()
                .budgets();
    }

    @AfterEach
    void stop() throws IOException {
        processes.forEach(Process::destroyForcibly);
        postgres.close();
    }

    private Path begin() throws IOException {
        Path said = folder.resolve("process-" + processes.size() + ".txt");
        processes.add(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BudgetProcess.class.getName(),
                        url)
                .redirectOutput(said.toFile())
                .redirectError(
                        folder.resolve("errors-" + processes.size() + ".txt").toFile())
                .start());
        return said;
    }

    private long used() {
        Budgets.Spender anybody = new Budgets.Spender(WorkflowEngine.DEFAULT_TENANT, "", "", "");
        return budgets.status(BudgetProcess.BUDGET, anybody, Instant.now()).calls();
    }

    private static List<String> lines(Path said) throws IOException {
        return Files.exists(said) ? Files.readAllLines(said) : List.of();
    }

    @Test
    void togetherTheyAskExactlyAsOftenAsTheyMay() throws Exception {
        List<Path> said = List.of(begin(), begin(), begin());
        List<String> ends = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            assertThat(processes.get(i).waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(processes.get(i).exitValue())
                    .as(Files.readString(folder.resolve("errors-" + i + ".txt")))
                    .isZero();
            ends.addAll(lines(said.get(i)));
        }
        assertThat(ends).hasSize(90).containsOnly("answered", "budget");
        assertThat(ends).filteredOn("answered"::equals).hasSize(40);
        assertThat(used()).isEqualTo(40);
    }

    @Test
    void whatAProcessThatDiedHadReservedCountsAsUsed() throws Exception {
        Path died = begin();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (used() < 20) {
            assertThat(System.nanoTime()).as("twenty requests").isLessThan(deadline);
        }
        processes.get(0).destroyForcibly().waitFor();
        Path other = begin();
        assertThat(processes.get(1).waitFor(120, TimeUnit.SECONDS)).isTrue();
        long answered = lines(died).stream().filter("answered"::equals).count()
                + lines(other).stream().filter("answered"::equals).count();
        assertThat(lines(other)).hasSize(30).containsOnly("answered", "budget");
        assertThat(answered).isLessThanOrEqualTo(40);
        assertThat(used()).isBetween(answered, 40L);
    }
}
