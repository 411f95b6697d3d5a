package io.automationhub.benchmarks.data;

import java.util.function.Supplier;

/** An expression language, or plain Java, that does the tasks; each is compiled once, and the supplier evaluates it. */
interface Language {

    Supplier<Object> condition();

    Supplier<Object> template();

    Supplier<Object> functions();

    /** The language of that name. */
    static Language of(String name) {
        return switch (name) {
            case "java" -> new PlainJava();
            case "engine" -> new OurExpressions();
            case "camelSimple" -> new CamelSimple();
            case "juel" -> new Juel();
            case "jackson-jq" -> new JacksonJq();
            case "jexl" -> new JexlInterpreter();
            default -> throw new IllegalArgumentException("No language '" + name + "'");
        };
    }
}
