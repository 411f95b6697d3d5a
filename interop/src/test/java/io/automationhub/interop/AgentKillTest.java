package io.automationhub.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent of ten turns on PostgreSQL, whose process is killed again and again, wherever it is, until the last process ends it: no
 * answer that is stored is asked for again, and no call of a tool that ended is made again.
 */
@Tag("campaign")
@Timeout(300)
class AgentKillTest {

    private static final int KILLS = 4;

    @TempDir
    private Path folder;

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void whatIsStoredIsNeverDoneAgain() throws Exception {
        long seed = Long.getLong("campaign.seed", System.nanoTime());
        System.out.println("Agent kill test with -Dcampaign.seed=" + seed);
        Random random = new Random(seed);
        Path steps = folder.resolve("steps.txt");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            for (int kill = 0; kill < KILLS; kill++) {
                killedWithin(url, steps, lines(steps).size() + 1 + random.nextInt(4), random.nextInt(80));
            }
            try (WorkflowEngine engine = AgentProcess.engine(url, steps)) {
                ExecutionHandle handle = engine.start(
                        ExecutionRequest.of(AgentProcess.workflow()).key(AgentProcess.KEY));
                WorkflowExecution run = handle.await(Duration.ofSeconds(60));
                JsonObject output = Json.object(run.orElseThrow().output());
                assertThat(output).containsEntry("text", "There.").containsEntry("turns", (long) AgentProcess.TURNS);
                assertThat((List<?>) output.get("toolCalls")).hasSize(AgentProcess.TURNS - 1);
                assertThat((List<?>) output.get("attempts")).hasSize(AgentProcess.TURNS);
            }
        }
        check(lines(steps));
    }

    private void killedWithin(String url, Path steps, int wanted, int millis) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentProcess.class.getName(),
                        url,
                        steps.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("log.txt").toFile()))
                .start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (lines(steps).size() < wanted && process.isAlive()) {
                assertThat(System.nanoTime())
                        .as(() -> "step " + wanted + " within a minute: " + log())
                        .isLessThan(deadline);
                Thread.sleep(5);
            }
            assertThat(process.isAlive()).as(this::log).isTrue();
            Thread.sleep(millis);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Steps come in their order; one is begun again only where a process was killed, and with the same key. */
    private static void check(List<String> lines) {
        int again = 0;
        int last = -1;
        Set<String> distinct = new HashSet<>(lines);
        for (String line : lines) {
            int step = Integer.parseInt(line.substring(0, line.indexOf(' ')));
            assertThat(step).as(String.join("\n", lines)).isBetween(last, last + 1);
            again += step == last ? 1 : 0;
            last = step;
        }
        assertThat(again).as(String.join("\n", lines)).isLessThanOrEqualTo(KILLS);
        assertThat(distinct).hasSize(2 * AgentProcess.TURNS - 1);
    }
}
