package io.automationhub.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path ROOT = Path.of("../..");
    private static final Path SOURCE = Path.of("src/main/java/io/automationhub/examples/quickstart/SupportTriage.java");

    @Test
    void theFirstExampleIsTheProgramThatRunsHere() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);
        String region = String.join(
                        "\n",
                        lines.subList(
                                lines.indexOf("        // README: first example") + 1,
                                lines.indexOf("        // README: end")))
                .stripIndent();
        String readme = Files.readString(ROOT.resolve("README.md"));
        int begin = readme.indexOf("```java\n") + 8;
        String example = readme.substring(begin, readme.indexOf("\n```", begin));
        assertThat(example).isEqualTo(region);
        assertThat(example.lines().count()).isLessThanOrEqualTo(12);
    }

    /** A program's main method. */
    private interface Program {
        void main() throws IOException;
    }

    private static String printedBy(Program program) throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.main();
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstExamplePrintsItsResult() throws IOException {
        assertThat(printedBy(() -> SupportTriage.main(new String[0]))).contains("{\"page\":\"paged: DB down\"}");
    }

    @Test
    void salesByCountryPrintsAFileOfThem() throws IOException {
        assertThat(printedBy(() -> SalesByCountry.main(new String[0])).lines())
                .containsExactly("country;net;gross", "DE;20.5;24.395", "FR;150;178.50");
    }

    @Test
    void partialFailuresAreReportedAndTheRestIsSent() throws IOException {
        assertThat(printedBy(() -> PartialFailures.main(new String[0])).lines())
                .containsExactly(
                        "[\"sent to ada@example.org\",\"sent to bob@example.org\",\"sent to eve@example.org\"]",
                        "[\"'nowhere' is no address\"]");
    }

    @Test
    void theWorkflowFileOfTheDocumentationRunsWithANodeOfTheHost() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("pager.alert", call -> "sent to " + call.text("team"))
                .build()) {
            var workflow = WorkflowJson.read(ROOT.resolve("examples/workflows/support-triage.json"));
            var run = engine.run(workflow, Map.of("priority", "high", "subject", "DB down"));
            assertThat(run.orElseThrow().output()).isEqualTo("succeeded");
            assertThat(run.node("page").orElseThrow().output()).isEqualTo("sent to ops");
            assertThat(run.node("filed").orElseThrow().status()).isEqualTo(NodeStatus.SKIPPED);
        }
    }
}
