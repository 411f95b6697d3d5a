package io.automationhub.examples.quickstart;

import static io.automationhub.engine.testkit.RunAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.testkit.ScriptedNode;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a workflow is tested whose nodes have effects: scripts stand in their place, and keep what they were called with. */
class OrderSagaTest {

    private static final Map<String, Object> ORDER = Map.of("item", "lamp", "amount", 30);

    private final ScriptedNode release = ScriptedNode.returns(null);
    private final ScriptedNode refund = ScriptedNode.returns(null);

    private TestEngine.Builder shop(ScriptedNode ship) {
        return TestEngine.builder()
                .node("stock.reserve", ScriptedNode.returns("R1"))
                .node("stock.release", release)
                .node("bank.charge", ScriptedNode.returns("P1"))
                .node("bank.refund", refund)
                .node("parcel.ship", ship);
    }

    @Test
    void whatCannotBeShippedIsPaidBackAndReleased() {
        try (TestEngine engine = shop(ScriptedNode.failsForGood("address")).build()) {
            TestRun run = engine.start(OrderSaga.workflow(), ORDER);
            assertThat(run).failedAt("ship").undidEverything().ranInOrder("reserve", "charge", "refund", "release");
            assertThat(refund.calls().get(0).config()).containsEntry("payment", "P1");
        }
    }

    @Test
    void nothingIsUndoneTwiceWhereverTheProcessDies() {
        for (int step = 1; step <= 12; step++) {
            try (TestEngine engine =
                    shop(ScriptedNode.failsForGood("address")).crashAfter(step).build()) {
                assertThat(engine.start(OrderSaga.workflow(), ORDER).untilEnd())
                        .failedAt("ship")
                        .undidEverything();
                assertThat(refund.calls().stream().map(call -> call.key()).distinct())
                        .hasSize(step);
            }
        }
    }
}
