package io.automationhub.engine.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 20,000 graphs. Any number, or one seed, from a command:
 * {@code mvn -Pall -pl engine-core test -Dtest=SimulatorTest -Dsimulator.seed=17 -Dsimulator.graphs=1}.
 */
@Tag("campaign")
class SimulatorTest {

    private static final int GRAPHS = 20_000;

    @Test
    void machineAndReferenceAgreeOnEveryStep() {
        long seed = Long.getLong("simulator.seed", 1);
        int graphs = Integer.getInteger(
                "simulator.graphs", "full".equals(System.getProperty("campaign")) ? 2_000_000 : GRAPHS);
        Simulator.Distribution seen = Simulator.run(seed, graphs);
        System.out.println("Simulator: seeds from " + seed + ", " + seen);
        if (graphs >= GRAPHS) {
            assertThat(seen.medianNodes()).isGreaterThanOrEqualTo(12);
            assertThat(seen.percentWithJoins()).isGreaterThanOrEqualTo(50);
            assertThat(seen.percentNested()).isGreaterThanOrEqualTo(30);
            assertThat(seen.percentDisturbed()).isGreaterThanOrEqualTo(20);
            assertThat(seen.coincidences()).isLessThan(graphs / 100);
        }
    }
}
