package io.automationhub.engine.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs many simulations. */
public final class Simulator {

    private Simulator() {}

    /** What the graphs were like. */
    record Distribution(
            int graphs,
            int medianNodes,
            int percentWithJoins,
            int percentWithGroups,
            int percentNested,
            int percentDisturbed,
            int coincidences) {}

    /** Runs {@code count} graphs from a seed on; an AssertionError names the seed that went wrong. */
    static Distribution run(long firstSeed, int count) {
        List<Integer> sizes = new ArrayList<>();
        int joins = 0;
        int groups = 0;
        int nested = 0;
        int disturbed = 0;
        int coincidences = 0;
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            Simulation simulation = new Simulation(seed);
            simulation.play();
            sizes.add(simulation.size());
            joins += simulation.hasJoin() ? 1 : 0;
            groups += simulation.depth() > 0 ? 1 : 0;
            nested += simulation.depth() > 1 ? 1 : 0;
            disturbed += simulation.isDisturbed() ? 1 : 0;
            coincidences += simulation.isCoincidence() ? 1 : 0;
        }
        Collections.sort(sizes);
        return new Distribution(
                count,
                sizes.get(count / 2),
                joins * 100 / count,
                groups * 100 / count,
                nested * 100 / count,
                disturbed * 100 / count,
                coincidences);
    }

    /**
     * The first seed that shows a difference; -1 if none of {@code count} does. Called by name on a mutated machine.
     */
    public static long firstFailure(long firstSeed, int count) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            try {
                new Simulation(seed).play();
            } catch (AssertionError e) {
                return seed;
            }
        }
        return -1;
    }
}
