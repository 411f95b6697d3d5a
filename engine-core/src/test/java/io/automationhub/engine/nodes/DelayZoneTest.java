package io.automationhub.engine.nodes;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.testkit.RunAssert.assertThat;

import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestEngineExtension;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.workflow.Workflow;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A delay until a local time of some zone. The test clock begins on 1 January 2026, 00:00 UTC. */
@ExtendWith(TestEngineExtension.class)
class DelayZoneTest {

    private static Workflow until(String until, String zone) {
        return Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(node("wait", "delay").with("until", until).with("zone", zone))
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-24T18:00, Europe/Berlin, 2026-06-24T16:00:00Z",
        "2026-06-24T18:00:30, America/New_York, 2026-06-24T22:00:30Z",
        "2026-06-24T18:00, +05:30, 2026-06-24T12:30:00Z",
        // The clock leaves out 02:00 to 03:00.
        "2026-03-29T02:30, Europe/Berlin, 2026-03-29T01:30:00Z",
        // 02:30 comes twice; the first counts.
        "2026-10-25T02:30, Europe/Berlin, 2026-10-25T00:30:00Z"
    })
    void aLocalTimeIsThatOfItsZone(String until, String zone, String instant, TestEngine engine) {
        TestRun run = engine.start(until(until, zone), null);
        assertThat(run).waitsFor("waits until " + instant);
        assertThat(run.untilEnd()).succeeded();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-24T18:00, Europe/Nowhere",
        "2026-06-24T18:00Z, Europe/Berlin",
        "tomorrow, Europe/Berlin",
        "2026-06-24T18:00, ''"
    })
    void whatIsNoLocalTimeOrNoZoneFailsTheNode(String until, String zone, TestEngine engine) {
        assertThat(engine.start(until(until, zone), null)).failed("config").failedAt("wait");
    }
}
