package io.automationhub.engine.workflow;

import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.log;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowJsonTest {

    private static final Path SAMPLE = Path.of("../examples/workflows/support-triage.json");

    @TempDir
    Path folder;

    private static Workflow built() {
        return Workflow.builder("support-triage")
                .name("Support triage")
                .variable("team", WorkflowVariable.Type.STRING, "ops")
                .input(Map.of(
                        "type", "object",
                        "required", List.of("priority", "subject"),
                        "properties",
                                Map.of(
                                        "priority", Map.of("enum", List.of("low", "high")),
                                        "subject", Map.of("type", "string"))))
                .output("{{ nodes.page.status }}")
                .start(manualTrigger("ticket"))
                .then(condition("urgent", "input.priority == 'high'"))
                .when(
                        "true",
                        node("page", "pager.alert")
                                .with("team", "{{team}}")
                                .with("text", "{{input.subject}}")
                                .timeout(Duration.ofSeconds(10))
                                .retry(RetryPolicy.attempts(4)
                                        .delays(Duration.ofMillis(500), 2, Duration.ofSeconds(30))
                                        .withJitter(0.2)
                                        .within(Duration.ofMinutes(5))))
                .when("false", log("filed", "Filed: {{input.subject}}").with("level", "info"))
                .build();
    }

    @Test
    void builderAndFileGiveEqualValues() {
        Workflow read = WorkflowJson.read(SAMPLE);
        assertThat(read.problems()).isEmpty();
        assertThat(built()).isEqualTo(read).hasSameHashCodeAs(read);
        assertThat(built().hash()).isEqualTo(read.hash()).hasSize(64);
    }

    @Test
    void readingAndWritingLosesNothing() throws IOException {
        String text = """
                {"zebra": 1.0, "format": 1, "id": "x", "nodes": [
                  {"type": "note", "id": "n", "data": {"text": "é\\u0000", "n": 1e3}, "selected": true, "extra": [-0, 1.10, 1E+2]},
                  {"id": "a", "type": "thing", "position": {"y": 2.50, "x": 1}, "measured": {"width": 10.0}}],
                 "edges": [{"target": "n", "source": "a", "sourceHandle": null, "animated": true}],
                 "viewport": {"zoom": 0.500}}
                """;
        Workflow workflow = WorkflowJson.parse(text);
        String written = WorkflowJson.write(workflow);
        String compact = Json.write(Json.parseDocument(text, JsonLimits.DEFAULT));
        assertThat(Json.write(Json.parseDocument(written, JsonLimits.DEFAULT)))
                .isEqualTo(compact)
                .contains("\"zebra\":1.0")
                .contains("1e3")
                .contains("[-0,1.10,1E+2]")
                .contains("0.500");
        Path file = folder.resolve("w.json");
        Files.writeString(file, written);
        assertThat(WorkflowJson.write(WorkflowJson.read(file))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"x\": 0, \"y\": 0 | \"x\": 5, \"y\": 7",
                "\"label\": \"Ticket\", | \"label\": \"Other\", \"notes\": \"why\",",
                "\"id\": \"e1\" | \"id\": \"edge-one\"",
                "\"500ms\" | {\"duration\": 0.5, \"unit\": \"seconds\"}",
                "\"10s\" | \"PT10S\"",
                "\"multiplier\": 2 | \"multiplier\": 2.0",
                "\"format\": 1 | \"viewport\": {\"x\": 1}, \"format\": 1",
            })
    void whatHasNoMeaningDoesNotChangeTheHash(String original, String changed) throws IOException {
        String text = Files.readString(SAMPLE);
        assertThat(text).contains(original);
        assertThat(WorkflowJson.parse(text.replaceFirst(java.util.regex.Pattern.quote(original), changed)))
                .isEqualTo(WorkflowJson.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'high'\" | 'low'\"",
                "\"sourceHandle\": \"true\" | \"sourceHandle\": \"error\"",
                "\"maxAttempts\": 4 | \"maxAttempts\": 5",
                "\"default\": \"ops\" | \"default\": \"dev\"",
                "\"level\": \"info\" | \"level\": \"warn\"",
            })
    void whatHasAMeaningChangesTheHash(String original, String changed) throws IOException {
        String text = Files.readString(SAMPLE);
        assertThat(text).contains(original);
        assertThat(WorkflowJson.parse(text.replace(original, changed))).isNotEqualTo(WorkflowJson.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | NOT_JSON",
                "{ | NOT_JSON",
                "[] | NOT_A_WORKFLOW",
                "7 | NOT_A_WORKFLOW",
                "{} | NOT_A_WORKFLOW",
                "{\"nodes\": 1, \"edges\": []} | NOT_A_WORKFLOW",
                "{\"nodes\": [], \"nodes\": [], \"edges\": []} | DUPLICATE_KEY",
            })
    void whatIsNoWorkflowIsRefused(String text, ProblemCode code) {
        refuses(text, code);
    }

    private static void refuses(String text, ProblemCode code) {
        assertThatThrownBy(() -> WorkflowJson.parse(text))
                .isInstanceOfSatisfying(
                        InvalidWorkflowException.class,
                        e -> assertThat(e.problems()).extracting(Problem::code).containsExactly(code));
    }

    @Test
    void hostileTextEndsInOneProblem() {
        refuses("[".repeat(100_000), ProblemCode.TOO_DEEP);
        refuses("{\"nodes\":" + "[".repeat(100_000), ProblemCode.TOO_DEEP);
        refuses("{\"nodes\":[],\"edges\":[],\"x\":\"" + "y".repeat(11_000_000) + "\"}", ProblemCode.TOO_LARGE);
        StringBuilder duplicates = new StringBuilder("{\"nodes\":[],\"edges\":[]");
        for (int i = 0; i < 100_000; i++) {
            duplicates.append(",\"k\":1");
        }
        refuses(duplicates.append('}').toString(), ProblemCode.DUPLICATE_KEY);
    }

    @Test
    void aHugeFileIsRefusedWithoutReadingIt() throws IOException {
        Path file = folder.resolve("huge.json");
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] chunk = new byte[1 << 20];
            java.util.Arrays.fill(chunk, (byte) ' ');
            for (int i = 0; i < 100; i++) {
                out.write(chunk);
            }
        }
        assertThatThrownBy(() -> WorkflowJson.read(file))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("104857600 bytes");
    }

    @Test
    void missingAndBrokenFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> WorkflowJson.read(folder.resolve("none.json")))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("There is no such file");
        Path latin = folder.resolve("latin.json");
        Files.write(latin, new byte[] {'{', '"', (byte) 0xE9, '"', ':', '1', '}'});
        assertThatThrownBy(() -> WorkflowJson.read(latin)).hasMessageContaining("not text in UTF-8");
        assertThatThrownBy(() -> WorkflowJson.read(folder)).isInstanceOf(InvalidWorkflowException.class);
    }

    @Test
    void limitsCanBeSet() throws IOException {
        String text = Files.readString(SAMPLE);
        assertThat(WorkflowJson.parse(text, new WorkflowLimits(JsonLimits.DEFAULT, 3, 2))
                        .problems())
                .extracting(Problem::pointer)
                .containsExactly("/nodes", "/edges");
        assertThatThrownBy(() -> WorkflowJson.parse(text, new WorkflowLimits(new JsonLimits(100, 10), 10, 10)))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("100 bytes");
    }

    @Test
    void aByteOrderMarkIsTolerated() {
        assertThat(WorkflowJson.parse("\uFEFF{\"format\":1,\"id\":\"x\",\"nodes\":[],\"edges\":[]}")
                        .id())
                .isEqualTo("x");
    }

    @Test
    void theBuilderRefusesOnlyDuplicateIdsAndUnknownEnds() {
        assertThatThrownBy(() -> Workflow.builder("w")
                        .add(node("a", "x"))
                        .add(node("a", "y"))
                        .edge("a", "b")
                        .build())
                .isInstanceOfSatisfying(
                        InvalidWorkflowException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::code)
                                .containsExactly(ProblemCode.DUPLICATE_ID, ProblemCode.DANGLING_EDGE));
        assertThatThrownBy(() -> Workflow.builder("w").when("true", node("a", "x")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void groupsOfTheBuilderStandBeforeTheirChildren() {
        Workflow workflow = Workflow.builder("g")
                .start(manualTrigger("s"))
                .forEach(
                        "each", "input.items", body -> body.then(node("a", "x")).then(node("b", "x")))
                .then(node("after", "x"))
                .build();
        assertThat(workflow.nodes()).extracting(WorkflowNode::id).containsExactly("s", "each", "a", "b", "after");
        assertThat(workflow.node("b").orElseThrow().parentId()).isEqualTo("each");
        assertThat(workflow.edges())
                .extracting(edge -> edge.source() + ">" + edge.target())
                .containsExactly("s>each", "a>b", "each>after");
    }

    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S",
        "10s, PT10S",
        "1.5h, PT1H30M",
        "2d, PT48H",
        "PT5M, PT5M",
        "0s, PT0S",
        "P1D, PT24H",
        "5 m, PT5M"
    })
    void durationsHaveThreeSpellings(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"5, minutes, PT5M", "1, hour, PT1H", "250, ms, PT0.25S", "1.5, Seconds, PT1.5S", "2, d, PT48H"})
    void durationsAreObjectsToo(java.math.BigDecimal amount, String unit, Duration expected) {
        assertThat(DurationText.parse(Json.of(Map.of("duration", amount, "unit", unit))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10", "-5s", "PT-5S", "1y", "ten seconds", "'-PT1S'", "999999999999d"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DurationText.parse(10L)).hasMessageContaining("without a unit");
    }
}
