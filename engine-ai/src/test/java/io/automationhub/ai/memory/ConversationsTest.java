package io.automationhub.ai.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What is kept of conversations, and how much of one a model is told. */
class ConversationsTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private final Conversations conversations = new Conversations(new InMemoryDocumentStore());

    private static List<Message> said(String question, String answer) {
        return List.of(Message.user(question), Message.assistant(answer));
    }

    private void add(String key, List<Message> messages) {
        conversations.add("t", "c", key, "agent.help", "run-" + key, T0, messages);
    }

    private static List<Message> withTool(String name) {
        return List.of(
                Message.user("ask " + name),
                Message.of(Role.ASSISTANT, new Part.ToolCall(name, "look", JsonObject.EMPTY, null)),
                Message.of(
                        Role.USER, new Part.ToolResult(name, "look", List.of(new Part.Text("x".repeat(400))), false)),
                Message.assistant("answer " + name));
    }

    @Test
    void anExchangeIsAddedOnceAndWhole() {
        add("1", said("a", "b"));
        add("1", said("a", "b"));
        add("2", said("c", "d"));

        AgentConversation found = conversations.find("t", "c").orElseThrow();
        assertThat(found.exchanges()).isEqualTo(2);
        assertThat(found.agent()).isEqualTo("agent.help");
        assertThat(conversations.messages("t", "c", null, 10).items())
                .extracting(message -> message.exchange() + message.message().text() + message.execution())
                .containsExactly("0arun-1", "0brun-1", "1crun-2", "1drun-2");
        assertThat(conversations.find("other", "c")).isEmpty();
    }

    @Test
    void severalAddToAConversationAtOnce_andNothingIsLostOrMixed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String name = "t" + t;
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 25; i++) {
                    add(name + "-" + i, said("q" + name + i, "a" + name + i));
                }
            });
            threads.add(thread);
            thread.start();
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        Page<AgentMessage> all = conversations.messages("t", "c", null, 1000);
        assertThat(all.items()).hasSize(400);
        for (int i = 0; i < 400; i += 2) {
            assertThat(all.items().get(i).message().text().substring(1))
                    .isEqualTo(all.items().get(i + 1).message().text().substring(1));
        }
    }

    /** Whatever the room is: each result that is told has its call before it, and there is no more than there is room for. */
    @RepeatedTest(50)
    void aWindowNeverSplitsACallFromItsResult() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int exchanges = 1 + random.nextInt(20);
        for (int i = 0; i < exchanges; i++) {
            add("k" + i, random.nextBoolean() ? withTool("n" + i) : said("q" + i, "a".repeat(random.nextInt(300))));
        }
        MemoryWindow window = new MemoryWindow(1 + random.nextInt(30), 1 + random.nextInt(2_000));
        History history = conversations.history("t", "c", window, random.nextBoolean());

        List<Message> told = history.window().stream()
                .flatMap(exchange -> exchange.messages().stream())
                .toList();
        assertThat(told.size()).as("seed " + seed).isLessThanOrEqualTo(window.maxMessages());
        assertThat(history.window().stream().mapToLong(Exchange::tokens).sum())
                .as("seed " + seed)
                .isLessThanOrEqualTo(window.maxTokens());
        Set<String> called = told.stream()
                .flatMap(message -> message.toolCalls().stream())
                .map(Part.ToolCall::id)
                .collect(Collectors.toSet());
        Set<String> answered = told.stream()
                .flatMap(message -> message.parts().stream())
                .filter(Part.ToolResult.class::isInstance)
                .map(part -> ((Part.ToolResult) part).callId())
                .collect(Collectors.toSet());
        assertThat(answered).as("seed " + seed).isEqualTo(called);
    }

    @Test
    void ofAnExchangeThatIsTooLongTheQuestionAndTheAnswerAreTold() {
        add("1", withTool("n"));
        History history = conversations.history("t", "c", new MemoryWindow(10, 50), false);
        assertThat(history.window())
                .singleElement()
                .satisfies(exchange -> assertThat(exchange.messages())
                        .extracting(Message::text)
                        .containsExactly("ask n", "answer n"));
        assertThat(conversations
                        .history("t", "c", new MemoryWindow(10, 1), false)
                        .window())
                .isEmpty();
    }

    @Test
    void whatIsSummedUpIsToldNoMore() {
        for (int i = 0; i < 6; i++) {
            add("k" + i, said("q" + i, "a" + i));
        }
        MemoryWindow window = new MemoryWindow(8, 10_000);
        History full = conversations.history("t", "c", window, true);
        assertThat(full.window()).extracting(Exchange::number).containsExactly(4L, 5L);
        assertThat(full.fading()).extracting(Exchange::number).containsExactly(0L, 1L, 2L, 3L);

        conversations.summarize("t", "c", "They asked four things.", 4);
        conversations.summarize("t", "c", "An old summary.", 2);
        History summed = conversations.history("t", "c", window, true);
        assertThat(summed.summary()).isEqualTo("They asked four things.");
        assertThat(summed.window()).extracting(Exchange::number).containsExactly(4L, 5L);
        assertThat(summed.fading()).isEmpty();
        assertThat(History.of(summed.toJson())).isEqualTo(summed);
    }

    @Test
    void aConversationIsForgottenAsAWhole() {
        for (int i = 0; i < 150; i++) {
            add("k" + i, said("q", "a"));
        }
        conversations.add("t", "c2", "x", "agent.help", "r", T0.plusSeconds(10), said("q", "a"));
        assertThat(conversations.deleteBefore("t", T0.plusSeconds(5))).isEqualTo(1);
        assertThat(conversations.find("t", "c")).isEmpty();
        assertThat(conversations.messages("t", "c", null, 10).items()).isEmpty();
        assertThat(conversations.list("t", null, 10).items())
                .extracting(AgentConversation::id)
                .containsExactly("c2");
        assertThat(conversations.delete("t", "c")).isFalse();
    }

    @Test
    void anIdThatIsNoneIsRefused() {
        assertThatThrownBy(() -> conversations.add("t", "x".repeat(151), "k", "a", "r", T0, said("q", "a")))
                .hasMessageContaining("1 to 150 characters, found 151");
    }
}
