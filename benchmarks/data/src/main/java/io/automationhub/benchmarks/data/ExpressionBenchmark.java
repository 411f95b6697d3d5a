package io.automationhub.benchmarks.data;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** W7: one evaluation of something that was compiled before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExpressionBenchmark {

    /** What is evaluated. */
    @Param({"CONDITION", "TEMPLATE", "FUNCTIONS"})
    public Task task;

    /** Who evaluates it. */
    @Param({"java", "engine", "camelSimple", "juel", "jackson-jq", "jexl"})
    public String language;

    private Supplier<Object> work;

    /** Compiles it, and checks what comes of it. */
    @Setup
    public void compile() {
        Language of = Language.of(language);
        work = task.checked(
                switch (task) {
                    case CONDITION -> of.condition();
                    case TEMPLATE -> of.template();
                    case FUNCTIONS -> of.functions();
                });
    }

    /** Evaluates it once. */
    @Benchmark
    public Object evaluate() {
        return work.get();
    }
}
