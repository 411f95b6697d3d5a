package io.automationhub.examples.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The recipes with agents, and the commands that ask agents and offer tools. */
class AgentCommandsTest {

    private static final Path WORKFLOWS = Path.of("../workflows");
    private static final Path AGENTS = Path.of("../agents");

    @TempDir
    Path folder;

    private record Result(int code, String out, String err) {

        JsonObject json() {
            return (JsonObject) Json.parse(out);
        }
    }

    private static Result run(List<String> args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                HubCommand.execute(new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    private Result recipe(String name, String agent, String input, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "run",
                WORKFLOWS.resolve(name + ".json").toString(),
                "--agent",
                AGENTS.resolve(agent + ".json").toString(),
                "--script",
                WORKFLOWS.resolve(name + ".script.json").toString(),
                "--outbox",
                folder.resolve("outbox").toString(),
                "--input",
                "@" + WORKFLOWS.resolve(name + "." + input + ".input.json")));
        args.addAll(List.of(more));
        return run(args);
    }

    private static void isAsExpected(Result result, String name, String input) throws IOException {
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.json().get("output"))
                .isEqualTo(Json.parse(Files.readString(WORKFLOWS.resolve(name + "." + input + ".expected.json"))));
    }

    private String mail(String node) throws IOException {
        try (Stream<Path> mails = Files.list(folder.resolve("outbox"))) {
            List<Path> found = mails.filter(
                            file -> file.getFileName().toString().startsWith(node + "-"))
                    .toList();
            assertThat(found).hasSize(1);
            return Files.readString(found.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "long"})
    void contentIsWrittenAndMailed(String input) throws IOException {
        isAsExpected(recipe("content-generation", "writer", input), "content-generation", input);
        String mail = mail(input.equals("short") ? "publish" : "review");
        assertThat(mail)
                .contains(input.equals("short") ? "To: readers@example.com" : "To: editor@example.com")
                .contains("Subject: "
                        + (input.equals("short") ? "Rolls on Sundays" : "Please shorten: Ninety years of rye"))
                .contains("MIME-Version: 1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "unusual"})
    void dataAreFetchedAnalysedAndMailed(String input) throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder()
                    .addHeader("Content-Type", "application/json")
                    .body(Files.readString(WORKFLOWS.resolve("data-processing." + input + ".orders.json")))
                    .build());
            server.start();
            Path connections = Files.writeString(
                    folder.resolve("connections.json"), "{\"shop\": {\"baseUrl\": \"" + server.url("/") + "\"}}");
            Result result = recipe(
                    "data-processing",
                    "analyst",
                    input,
                    "--connections",
                    connections.toString(),
                    "--allow-address",
                    "127.0.0.0/8");
            isAsExpected(result, "data-processing", input);
            assertThat(mail(input.equals("normal") ? "report" : "alarm")).contains("To: team@example.com");
        }
    }

    /** The second message of a ticket is answered by who knows the first one, although another process heard that. */
    @Test
    void aTicketIsAConversation() throws IOException {
        String data = folder.resolve("data").toString();
        isAsExpected(recipe("customer-support", "support", "question", "--data", data), "customer-support", "question");
        isAsExpected(recipe("customer-support", "support", "refund", "--data", data), "customer-support", "refund");
        assertThat(mail("reply")).contains("To: kim@example.com", "Subject: Your ticket T-7");
        assertThat(mail("escalate")).contains("To: team@example.com", "Subject: Ticket T-7: payment, negative");
    }

    @ParameterizedTest
    @ValueSource(strings = {"good", "never"})
    void aReviewerIsALoop(String input) throws IOException {
        isAsExpected(recipe("reviewed-text", "writer", input), "reviewed-text", input);
    }

    @Test
    void withoutAScriptAConnectionIsWanted() {
        Result result = run(List.of(
                "agent",
                AGENTS.resolve("writer.json").toString(),
                "--message",
                "Sundays",
                "--outbox",
                folder.toString()));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("There is no connection 'claude'");
    }

    @Test
    void anAgentIsAskedByItself_andTellsWhatItDoes() {
        Result result = run(List.of(
                "agent",
                AGENTS.resolve("writer.json").toString(),
                "--message",
                "We open on Sundays.",
                "--parameters",
                "{\"words\": 40}",
                "--stream",
                "--script",
                WORKFLOWS.resolve("content-generation.script.json").toString()));
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Json.object(result.json().get("answer")).get("title")).isEqualTo("Rolls on Sundays");
        assertThat(result.json().get("turns")).isEqualTo(2L);
        assertThat(result.err()).contains("→ count_text", "← ended {\"characters\"");
    }

    @Test
    void whatIsNoAgentIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("agent.json"), "{\"id\": \"x\", \"type\": \"wizard\"}");
        assertThat(run(List.of("agent", file.toString(), "--message", "Hi")).err())
                .contains("There is no type of agents 'wizard'");
        assertThat(run(List.of(
                                "agent",
                                AGENTS.resolve("writer.json").toString(),
                                "--message",
                                "Hi",
                                "--parameters",
                                "{\"words\": \"many\"}"))
                        .code())
                .isEqualTo(2);
    }

    @Test
    void aMailOfStrangeTextsIsAMail() throws IOException {
        Path workflow = Files.writeString(folder.resolve("w.json"), """
                {"format": 1, "id": "m", "nodes": [{"id": "m", "type": "mail.outbox", "data": {"config": {
                  "to": "zoë <zoe@example.com>", "subject": "Grüße 🎈\\r\\nBcc: all@example.com", "text": "{{ input }}"}}}], "edges": []}""");
        Result result = run(List.of(
                "run",
                workflow.toString(),
                "--input",
                "\"ä🎈\"",
                "--outbox",
                folder.resolve("outbox").toString()));
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(mail("m").lines()).noneMatch(line -> line.startsWith("Bcc:"));
        Path wrong = Files.writeString(folder.resolve("w.json"), """
                {"format": 1, "id": "m", "nodes": [{"id": "m", "type": "mail.outbox", "data": {"config": {
                  "to": "no address at all", "subject": "x", "text": "y"}}}], "edges": []}""");
        assertThat(run(List.of("run", wrong.toString(), "--outbox", folder.toString()))
                        .out())
                .contains("look at its addresses");
    }

    @Test
    void workflowsAndToolsAreOfferedToAnMcpClient() {
        String messages = String.join(
                        "\n",
                        "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':'2025-06-18',"
                                + "'capabilities':{},'clientInfo':{'name':'t','version':'1'}}}",
                        "{'jsonrpc':'2.0','method':'notifications/initialized'}",
                        "{'jsonrpc':'2.0','id':2,'method':'tools/list'}",
                        "{'jsonrpc':'2.0','id':3,'method':'tools/call','params':{'name':'calculate','arguments':{'expression':'6*7'}}}",
                        "")
                .replace('\'', '"');
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        McpCommand command = new McpCommand(new Slowly(messages, out), out);
        int code = new CommandLine(command)
                .execute("--workflow", WORKFLOWS.resolve("order-status.json").toString(), "--tool", "calculate");
        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("order-status", "calculate", "{\\\"result\\\":42}");
    }

    /** Ends when all answers are there. */
    private static final class Slowly extends ByteArrayInputStream {

        private final ByteArrayOutputStream answers;

        Slowly(String text, ByteArrayOutputStream answers) {
            super(text.getBytes(StandardCharsets.UTF_8));
            this.answers = answers;
        }

        @Override
        public synchronized int read(byte[] bytes, int from, int length) {
            if (available() > 0) {
                return super.read(bytes, from, length);
            }
            long until = System.nanoTime() + 20_000_000_000L;
            while (!areAnswered() && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return -1;
        }

        /** The calls are answered in no order. */
        private boolean areAnswered() {
            String text = answers.toString(StandardCharsets.UTF_8);
            return text.contains("\"id\":2") && text.contains("\"id\":3");
        }
    }
}
