package io.automationhub.ai.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.ai.catalog.ModelCatalog;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.StopReason;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams of real providers, in the folder that the property {@code streams.dir} names: each is cut at random bytes, has pings and
 * unknown events put in, and is broken off.
 */
@EnabledIfSystemProperty(
        named = "streams.dir",
        matches = ".+",
        disabledReason =
                "needs recorded streams of providers, in a folder that -Dstreams.dir or the variable STREAMS_DIR names")
class RecordedStreamsTest {

    private static final ModelRequest ASKED = ModelRequest.of("asked", List.of(Message.user("Hello")));

    private final LocalProvider local = new LocalProvider();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void start() throws IOException {
        local.start();
    }

    @AfterEach
    void stop() {
        local.close();
    }

    /** A recorded stream, and the protocol that it is in; null if that is none of ours. */
    private record Recorded(Path file, WireProtocol protocol, List<String> events) {

        /** The name of the test. */
        @Override
        public String toString() {
            return file.getParent().getFileName() + "/" + file.getFileName();
        }
    }

    private static Stream<Recorded> streams() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("streams.dir")))) {
            return files
                    .filter(file -> file.toString().matches(".*(chunks|response)\\.txt"))
                    .sorted()
                    .flatMap(RecordedStreamsTest::recorded)
                    .filter(recorded -> recorded.protocol() != null)
                    .toList()
                    .stream();
        }
    }

    /** Some files have the streams of several requests. */
    private static Stream<Recorded> recorded(Path file) {
        List<Recorded> all = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (String line : lines(file)) {
            events.add(line.startsWith("data: ") ? line.substring(6) : line);
            if (line.contains("\"type\":\"message_stop\"")) {
                all.add(new Recorded(file, protocol(file, events), List.copyOf(events)));
                events.clear();
            }
        }
        if (!events.isEmpty()) {
            all.add(new Recorded(file, protocol(file, events), events));
        }
        return all.stream();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith("{") || line.startsWith("data: "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WireProtocol protocol(Path file, List<String> events) {
        JsonObject first = Json.object(Json.parse(events.get(0)));
        return switch (String.valueOf(file.getParent().getFileName())) {
            case "anthropic" -> WireProtocol.ANTHROPIC;
            case "google" -> first.containsKey("candidates") ? WireProtocol.GEMINI : null;
            default -> first.containsKey("choices") ? WireProtocol.CHAT : WireProtocol.RESPONSES;
        };
    }

    private static byte[] framed(List<String> events) {
        StringBuilder stream = new StringBuilder();
        for (String event : events) {
            stream.append("data: ").append(event).append("\n\n");
        }
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }

    private ModelAnswer streamed(Recorded recorded, byte[] bytes, int[] cuts, List<ModelDelta> deltas) {
        local.enqueueStream(bytes, cuts);
        return local.provider(recorded.protocol()).stream(ASKED, local.call(recorded.protocol()), deltas::add);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void itIsTheSameAnswerHoweverItIsCut(Recorded recorded) {
        List<ModelDelta> deltas = new ArrayList<>();
        ModelAnswer whole = streamed(recorded, framed(recorded.events()), new int[0], deltas);

        assertThat(whole.usage().total()).isPositive();
        boolean counted = recorded.events().stream()
                .anyMatch(event -> event.matches(".*\"(input_tokens|prompt_tokens|promptTokenCount)\": ?[1-9].*"));
        assertThat(whole.usage().estimated()).as(recorded.toString()).isEqualTo(!counted);
        assertThat(whole.stop()).isNotEqualTo(StopReason.OTHER);
        assertThat(whole.message().role()).isEqualTo(Role.ASSISTANT);
        StringBuilder said = new StringBuilder();
        deltas.forEach(delta -> said.append(delta instanceof ModelDelta.Text text ? text.text() : ""));
        assertThat(whole.message().text()).isEqualTo(said.toString());

        List<String> more = new ArrayList<>();
        for (String event : recorded.events()) {
            more.add(event);
            if (random.nextInt(4) == 0) {
                more.add("{\"type\": \"ping\"}");
                more.add("{\"type\": \"something.new\", \"delta\": {\"type\": \"new_delta\", \"x\": [1]}}");
            }
        }
        byte[] bytes = framed(more);
        int[] cuts = random.ints(20, 1, bytes.length).sorted().distinct().toArray();
        ModelAnswer cut = streamed(recorded, bytes, cuts, new ArrayList<>());
        assertThat(comparable(cut)).as("seed %d", seed).isEqualTo(comparable(whole));
    }

    /** Calls to which the provider gave no id have one of ours. */
    private static String comparable(ModelAnswer answer) {
        return answer.toString().replaceAll("call-[0-9a-f-]{36}", "call")
                + Json.write(
                        answer.message().origin() == null
                                ? null
                                : answer.message().origin().items());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aStreamThatBreaksOffIsAFailureThatSaysWhatItUsed(Recorded recorded) {
        byte[] bytes = framed(recorded.events());
        byte[] half = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length * 2 / 3));
        assertThatThrownBy(() -> streamed(recorded, half, new int[0], new ArrayList<>()))
                .as("seed %d", seed)
                .isInstanceOfSatisfying(RetriableException.class, e -> {
                    assertThat(e.kind()).isEqualTo("network");
                    JsonObject usage = Json.object(e.details().get("usage"));
                    assertThat(usage).containsEntry("estimated", true);
                    assertThat((Long) usage.get("input")).isPositive();
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void whatAProviderWroteGoesBackToItsModelByteForByte(Recorded recorded) {
        ModelAnswer answer = streamed(recorded, framed(recorded.events()), new int[0], new ArrayList<>());
        JsonObject body = recorded.protocol()
                .protocol()
                .body(
                        ASKED.withMessages(List.of(Message.user("Hello"), answer.message(), Message.user("And?"))),
                        ModelCatalog.standard().traits("asked"),
                        false,
                        new ArrayList<>());
        String items = Json.write(answer.message().origin().items());
        assertThat(Json.write(body)).contains(items.substring(1, items.length() - 1));
    }
}
