package io.automationhub.ai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerEventsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            data: a;;data: b;;            | :a,:b
            event: e;data: a;;data: b;;   | e:a,:b
            data:a;data: b;data;;         | `:a/b/`
            data:  a;;                    | `: a`
            : comment;;data: a;;          | :a
            event: e;;data: a;;           | :a
            id: 1;retry: 5;x: y;data: a;; | :a
            data: a~~data: b~~            | :a,:b
            data: a~;~;data: ü~;~;        | :a,:ü
            data: [DONE];                 | :[DONE]
            data: a;;data: hal            | :a
            ^data: a;;                    | :a
            ;;;;                          | ``
            """)
    void eventsAreReadAsTheStandardSays(String stream, String expected) throws IOException {
        String text = stream.replace(';', '\n').replace('~', '\r').replace('^', '\uFEFF');
        ServerEvents events = new ServerEvents(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        List<String> read = new ArrayList<>();
        for (ServerEvents.Event event = events.next(); event != null; event = events.next()) {
            read.add(event.name() + ":" + event.data().replace('\n', '/'));
        }
        assertThat(String.join(",", read)).isEqualTo(expected);
    }
}
