package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.testkit.RunAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestEngineExtension;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A graph of waits takes as long as its longest path: nothing waits for anything that it does not depend on. */
@ExtendWith(TestEngineExtension.class)
class MakespanTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aGraphOfWaitsTakesAsLongAsItsLongestPath(long seed, TestEngine engine) {
        Random random = new Random(seed);
        int size = 50 + random.nextInt(400);
        long[] ends = new long[size];
        WorkflowBuilder builder = Workflow.builder("graph").start(manualTrigger("start"));
        for (int i = 0; i < size; i++) {
            long seconds = 1 + random.nextInt(1000);
            builder.add(delay("n" + i, Duration.ofSeconds(seconds)));
            long begin = 0;
            int before = -1;
            int edges = i == 0 ? 0 : random.nextInt(4);
            for (int e = 0; e < edges; e++) {
                int source = Math.max(before + 1, i - 1 - random.nextInt(Math.min(i, 30)));
                if (source < i && source > before) {
                    builder.edge("n" + source, "n" + i);
                    begin = Math.max(begin, ends[source]);
                    before = source;
                }
            }
            if (before < 0) {
                builder.edge("start", "n" + i);
            }
            ends[i] = begin + seconds;
        }
        long longest = 0;
        for (long end : ends) {
            longest = Math.max(longest, end);
        }
        assertThat(engine.start(builder.build(), "input").untilEnd()).succeeded();
        assertThat(Duration.ofNanos(engine.clock().nanos())).isEqualTo(Duration.ofSeconds(longest));
    }
}
