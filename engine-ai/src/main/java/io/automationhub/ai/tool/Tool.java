package io.automationhub.ai.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of the host a tool: {@code AiModule.builder(…).tools(object)} finds it. Its parameters are the arguments, with the
 * names that they have in the source ({@code javac -parameters}), and may be of any type that has a JSON form; those that are {@code
 * Optional} or {@code @Nullable} may be left out. A parameter of the type {@link ToolInvocation} is given the circumstances.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Tool {

    /** When to call it, and what it does. */
    String value();

    /** What models call it; the name of the method, with {@code _} before capital letters, if empty. */
    String name() default "";
}
