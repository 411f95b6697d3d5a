package io.automationhub.ai.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.message.Part;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tools that are there without a host. */
class StandardToolsTest {

    private static ToolOutcome call(ConnectorsModule connectors, String name, JsonObject arguments) {
        ToolInvocation invocation = new ToolInvocation(
                "t", "run", "node", "key", action -> () -> {}, () -> Instant.parse("2026-03-04T22:30:00Z"));
        return new ToolSet(StandardTools.all(connectors.client()))
                .call(new Part.ToolCall("1", name, arguments, null), 10_000, invocation);
    }

    private static ToolOutcome call(String name, String arguments) {
        return call(ConnectorsModule.create(), name, Json.object(Json.parse(arguments.replace('\'', '"'))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "current_time | {}                            | 'time':'2026-03-04T22:30:00Z'",
                "current_time | {'zone': 'Asia/Tokyo'}        | 'date':'2026-03-05','weekday':'Thursday'",
                "current_time | {'zone': 'Mars'}              | there is no time zone 'Mars'",
                "calculate    | {'expression': '(120 + 80.5) * 1.19'} | {'result':238.595}",
                "calculate    | {'expression': '0.1 + 0.2'}   | {'result':0.3}",
                "calculate    | {'expression': 'round(2.345, 2)'} | {'result':2.35}",
                "calculate    | {'expression': 'input.x'}     | cannot be computed by itself",
                "calculate    | {'expression': 'x = 1'}       | cannot be computed by itself",
                "calculate    | {'expression': '1 / 0'}       | cannot be computed by itself",
                "statistics   | {'numbers': [120, 80, 95, 110, 2400, 105, 90]} | 'count':7,'sum':3000",
                "statistics   | {'numbers': [120, 80, 95, 110, 2400, 105, 90]} | 'median':105,'min':80,'max':2400",
                "statistics   | {'numbers': [120, 80, 95, 110, 2400, 105, 90]} | 'q1':92.5,'q3':115,'outliers':[2400]",
                "statistics   | {'numbers': [2, 4, 4, 4, 5, 5, 7, 9]} | 'standardDeviation':2",
                "statistics   | {'numbers': [1]}              | 'median':1",
                "statistics   | {'numbers': []}               | there are no numbers",
                "statistics   | {'numbers': ['1']}            | do not fit the schema",
                "count_text   | {'text': 'Don’t stop. Go on, well-known one!'} | 'words':6,'sentences':2",
                "count_text   | {'text': '🎈 é'}              | 'characters':3,'words':1",
                "count_text   | {'text': ''}                  | 'words':0"
            })
    void whatTheySay(String name, String arguments, String said) {
        assertThat(call(name, arguments).text())
                .contains(said.replace('\'', '"').replace("\"Mars\"", "'Mars'"));
    }

    @Test
    void aPageIsReadAsText() throws IOException {
        try (MockWebServer server = new MockWebServer();
                HttpDoor door = HttpDoor.builder()
                        .addressGuard(AddressGuard.builder()
                                .allowAddress("127.0.0.0/8")
                                .build())
                        .build()) {
            ConnectorsModule connectors = ConnectorsModule.builder().door(door).build();
            server.enqueue(new MockResponse.Builder()
                    .addHeader("Content-Type", "text/html; charset=utf-8")
                    .body("<html><head><title>T</title><script>alert('x')</script></head><body><h1>Prices</h1>"
                            + "<p>One &amp; <b>two</b> &euro;<p>3<div>4</body>")
                    .build());
            server.enqueue(new MockResponse.Builder().code(404).build());
            server.enqueue(new MockResponse.Builder()
                    .addHeader("Content-Type", "image/png")
                    .body("x")
                    .build());
            server.start();
            JsonObject url = JsonObject.of("url", server.url("/").toString());
            assertThat(call(connectors, "fetch_page", url).text())
                    .contains("Prices", "One & two €", "3", "4")
                    .doesNotContain("alert", "<b>");
            assertThat(call(connectors, "fetch_page", url).text()).contains("its server answers 404");
            assertThat(call(connectors, "fetch_page", url).text()).contains("no text, but image/png");
        }
    }

    @Test
    void aPageInsideTheNetworkIsNotRead() {
        for (String url :
                List.of("http://169.254.169.254/latest/meta-data/", "http://localhost:1/", "file:///etc/passwd")) {
            ToolOutcome outcome = call(ConnectorsModule.create(), "fetch_page", JsonObject.of("url", url));
            assertThat(outcome.status()).as(url).isEqualTo(ToolOutcome.Status.FAILED);
        }
    }
}
