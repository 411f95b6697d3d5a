package io.automationhub.ai.agent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.engine.value.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What happens in the executions of agents that go on in this process, kept for a while, so that who begins to listen late hears all of
 * it, up to a million characters. Safe for use by several threads.
 */
public final class AgentEvents implements ModelListener {

    private static final int MOST_EXECUTIONS = 1_000;
    private static final int MOST_EVENTS = 1_000;
    /** Pieces are joined up to so many characters: each time both are copied. */
    private static final int MOST_JOINED = 4_000;

    private static final int MOST_CHARACTERS = 1_000_000;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Cache<String, Story> stories = Caffeine.newBuilder()
            .maximumSize(MOST_EXECUTIONS)
            .expireAfterAccess(KEPT)
            .build();

    /** What happened in one execution, and who listens. Guarded by itself. */
    private static final class Story {
        final List<AgentEvent> events = new ArrayList<>();
        final List<Consumer<AgentEvent>> listeners = new ArrayList<>();
        private long characters;

        synchronized void add(AgentEvent event) {
            characters += characters(event);
            if (characters <= MOST_CHARACTERS) {
                keep(event);
            }
            listeners.forEach(listener -> listener.accept(event));
        }

        private void keep(AgentEvent event) {
            int last = events.size() - 1;
            if (last >= 0
                    && events.get(last) instanceof AgentEvent.TextCame before
                    && event instanceof AgentEvent.TextCame more
                    && before.text().length() < MOST_JOINED) {
                events.set(last, new AgentEvent.TextCame(before.text() + more.text()));
            } else if (events.size() < MOST_EVENTS) {
                events.add(event);
            }
        }

        private static long characters(AgentEvent event) {
            if (event instanceof AgentEvent.TextCame text) {
                return text.text().length();
            }
            if (event instanceof AgentEvent.ReasoningCame reasoning) {
                return reasoning.text().length();
            }
            if (event instanceof AgentEvent.ToolCalled call) {
                return Json.encodedSize(call.arguments());
            }
            return event instanceof AgentEvent.ToolReturned result
                    ? result.text().length()
                    : 0;
        }

        synchronized void listen(Consumer<AgentEvent> listener) {
            events.forEach(listener);
            listeners.add(listener);
        }

        synchronized void forget(Consumer<AgentEvent> listener) {
            listeners.remove(listener);
        }
    }

    private Story story(String tenant, String execution) {
        return stories.get(tenant + "/" + execution, key -> new Story());
    }

    private void add(Caller caller, AgentEvent event) {
        if (AgentWorkflow.isOne(caller.workflow())) {
            story(caller.tenant(), caller.execution()).add(event);
        }
    }

    /** Tells what happened so far, and then what happens; the result ends that. */
    Runnable listen(String tenant, String execution, Consumer<AgentEvent> listener) {
        Story story = story(tenant, execution);
        story.listen(listener);
        return () -> story.forget(listener);
    }

    @Override
    public void asked(Caller caller, String provider, ModelRequest request) {
        add(caller, new AgentEvent.TurnBegan(request.model()));
    }

    @Override
    public void streamed(Caller caller, ModelDelta delta) {
        if (delta instanceof ModelDelta.Text text) {
            add(caller, new AgentEvent.TextCame(text.text()));
        } else if (delta instanceof ModelDelta.Reasoning reasoning) {
            add(caller, new AgentEvent.ReasoningCame(reasoning.text()));
        }
    }

    @Override
    public void toolCalled(Caller caller, Part.ToolCall call) {
        add(caller, new AgentEvent.ToolCalled(call.id(), call.name(), call.arguments()));
    }

    @Override
    public void toolReturned(Caller caller, Part.ToolCall call, String status, String text) {
        add(caller, new AgentEvent.ToolReturned(call.id(), call.name(), status, text));
    }
}
