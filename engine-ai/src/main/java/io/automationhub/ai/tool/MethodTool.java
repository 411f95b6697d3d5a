package io.automationhub.ai.tool;

import io.automationhub.ai.model.ModelTool;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A method of a host's object as a tool. */
final class MethodTool implements AgentTool {

    private final Object target;
    private final Method method;
    private final ModelTool declaration;

    private MethodTool(Object target, Method method, Tool tool) {
        this.target = target;
        this.method = method;
        declaration = new ModelTool(
                tool.name().isEmpty() ? named(method.getName()) : tool.name(), tool.value(), schema(method));
        if (!method.trySetAccessible()) {
            throw new IllegalArgumentException("The method " + where(method)
                    + " cannot be a tool: its module is not open to this one; make it and its class public");
        }
    }

    /**
     * All methods of an object that are tools.
     *
     * @throws IllegalArgumentException if there is none, or one cannot be a tool
     */
    static List<AgentTool> of(Object target) {
        List<AgentTool> tools = new ArrayList<>();
        Arrays.stream(target.getClass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Tool.class) && !Modifier.isStatic(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
                .forEach(method -> tools.add(new MethodTool(target, method, method.getAnnotation(Tool.class))));
        if (tools.isEmpty()) {
            throw new IllegalArgumentException(
                    "The class " + target.getClass().getName() + " has no tools; annotate its methods with @Tool");
        }
        return tools;
    }

    private static String named(String method) {
        return method.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static String where(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static JsonObject schema(Method method) {
        JsonObject.Builder properties = JsonObject.builder();
        List<String> required = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            if (parameter.getType().equals(ToolInvocation.class)) {
                continue;
            }
            if (!parameter.isNamePresent()) {
                throw new IllegalArgumentException("The parameters of " + where(method)
                        + " have no names; compile with javac -parameters, or take one record");
            }
            JsonObject schema = TypeSchemas.of(parameter.getParameterizedType());
            String described = TypeSchemas.described(parameter.getAnnotation(Arg.class));
            properties.put(parameter.getName(), described == null ? schema : schema.with("description", described));
            if (TypeSchemas.isRequired(parameter.getType(), parameter, parameter.getAnnotatedType())) {
                required.add(parameter.getName());
            }
        }
        JsonObject schema = JsonObject.of("type", "object")
                .with("properties", properties.build())
                .with("additionalProperties", false);
        return required.isEmpty() ? schema : schema.with("required", required);
    }

    @Override
    public ModelTool declaration() {
        return declaration;
    }

    @Override
    public @Nullable Object call(JsonObject arguments, ToolInvocation invocation) throws Exception {
        Parameter[] parameters = method.getParameters();
        @Nullable Object[] values = new @Nullable Object[parameters.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameters[i].getType().equals(ToolInvocation.class)
                    ? invocation
                    : Json.toJava(arguments.get(parameters[i].getName()), parameters[i].getParameterizedType());
        }
        try {
            return method.invoke(target, values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
