package io.automationhub.benchmarks.memory;

import java.util.function.LongSupplier;

/** Runs W4 a million times and prints the heap in use after a collection, every tenth of the way. */
public final class FlatMemory {

    private FlatMemory() {}

    /** The first argument is the number of runs; 1,000,000 without. */
    public static void main(String[] args) {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        try (Contender engine = Contender.of("engine")) {
            LongSupplier diamond = Contender.checked(engine.diamond(), 3);
            for (int tenth = 1; tenth <= 10; tenth++) {
                for (int i = 0; i < runs / 10; i++) {
                    diamond.getAsLong();
                }
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                long used = runtime.totalMemory() - runtime.freeMemory();
                System.out.printf("%,d runs: %.1f MB%n", (long) runs / 10 * tenth, used / 1e6);
            }
        }
    }
}
