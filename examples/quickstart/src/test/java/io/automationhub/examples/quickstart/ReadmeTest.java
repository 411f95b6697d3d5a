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
    void whatAnOrderDidIsUndoneInReverseOrder() throws IOException {
        assertThat(printedBy(() -> OrderSaga.main(new String[0])).lines())
                .containsExactly(
                        "reserved lamp",
                        "charged 30",
                        "undone: charged 30",
                        "undone: reserved lamp",
                        "failed, undoing is complete");
    }

    @Test
    void anExpenseIsDecidedOnce() throws IOException {
        assertThat(printedBy(() -> ExpenseApproval.main(new String[0])).lines())
                .containsExactly("Ada spent 120", "ACCEPTED", "paid", "ALREADY_DECIDED");
    }

    @Test
    void aPaymentFindsTheRunOfItsOrder() throws IOException {
        assertThat(printedBy(() -> PaymentSignal.main(new String[0])).lines())
                .containsExactly(
                        "Node 'paid' waits for the signal 'payment' with the key '4711'",
                        "TAKEN",
                        "REPEATED",
                        "Thanks for 30");
    }

    @Test
    void aCallGetsTheLatestVersion() throws IOException {
        assertThat(printedBy(() -> CalledWorkflows.main(new String[0])).lines())
                .containsExactly(
                        "[\"Hello Ada\",\"Hello Bob\"]",
                        "2",
                        "[\"Welcome Ada\",\"Welcome Bob\"]",
                        "/nodes/greet/config/template was changed",
                        "refused: /nodes/greet/config/template was changed");
    }

    @Test
    void aFailedRunGoesOnWhereItFailed() throws IOException {
        assertThat(printedBy(() -> RunAgain.main(new String[0])).lines())
                .containsExactly(
                        "collecting",
                        "The printer is out of paper",
                        "true",
                        "printed numbers for Ada",
                        "printed better numbers for Ada");
    }

    @Test
    void anUrgentRunPassesTheOthersInTheQueue() throws IOException {
        assertThat(printedBy(() -> Limits.main(new String[0])).lines())
                .containsExactly(
                        "RUNNING QUEUED QUEUED",
                        "The run is queued: 1 runs of its workflow are unfinished, which is its limit, and 1 are before it",
                        "[first, urgent, usual]");
    }

    @Test
    void noProgramIsLongerThanAPage() throws IOException {
        try (var programs = Files.list(SOURCE.getParent())) {
            assertThat(programs)
                    .allSatisfy(program -> assertThat(Files.readAllLines(program))
                            .as(program.toString())
                            .hasSizeLessThanOrEqualTo(130));
        }
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
