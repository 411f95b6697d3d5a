package io.automationhub.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.workflow.Workflow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionRequestTest {

    private static final ExecutionRequest REQUEST =
            ExecutionRequest.of(Workflow.builder("w").build());

    @Test
    void tagsAreKeptOnceAndInOrder() {
        assertThat(REQUEST.tag("b").tag("größe 😀").tag("a").tag("b").tags()).containsExactly("a", "b", "größe 😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nul\0", "half \ud83d"})
    void aTagThatNoStoreCanKeepIsRefused(String tag) {
        assertThatThrownBy(() -> REQUEST.tag(tag))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tag");
    }

    @Test
    void aTagThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> REQUEST.tag("x".repeat(201))).hasMessageContaining("1 to 200 characters, found 201");
    }

    @Test
    void moreThanTwentyTagsAreRefused() {
        ExecutionRequest most = IntStream.range(0, ExecutionRequest.MOST_TAGS)
                .mapToObj(i -> "tag" + i)
                .reduce(REQUEST, ExecutionRequest::tag, (a, b) -> b);
        assertThat(most.tags()).hasSize(20);
        assertThatThrownBy(() -> most.tag("one more")).hasMessageContaining("20 tags, found 21");
    }
}
