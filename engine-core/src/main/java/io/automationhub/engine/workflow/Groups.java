package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.util.Set;

/** The types of groups, and the fields of their configuration. */
public final class Groups {

    /** Runs its body for each item of a list. */
    public static final String FOR_EACH = "forEach";

    /** Repeats its body. */
    public static final String LOOP = "loop";

    /** Runs its body once, and is the border of its errors. */
    public static final String SCOPE = "scope";

    /** How many groups may stand inside each other. */
    public static final int MAX_DEPTH = 32;

    /** The list of a {@code forEach}. */
    public static final String ITEMS = "items";

    /** How many iterations of a {@code forEach} may go on at the same time. */
    public static final String PARALLEL = "parallel";

    /** What a {@code forEach} does when an item fails. */
    public static final String ON_ITEM_ERROR = "onItemError";

    /** Whether the iterations of a {@code forEach} are runs of their own. */
    public static final String DISTRIBUTE = "distribute";

    /** What decides before each iteration of a {@code loop} whether it begins. */
    public static final String WHILE = "while";

    /** What decides after each iteration of a {@code loop} whether it was the last. */
    public static final String UNTIL = "until";

    /** How many iterations of a {@code loop} there may be. */
    public static final String MAX_ITERATIONS = "maxIterations";

    /** The bound of a loop that names none. */
    public static final int DEFAULT_MAX_ITERATIONS = 1000;

    /** The template of an iteration's result. */
    public static final String OUTPUT = "output";

    /** The variables that each iteration has for itself. */
    public static final String VARIABLES = "variables";

    /** Fields that are evaluated inside the group, where {@code index} and its like are known. */
    private static final Set<String> IN_BODY = Set.of(WHILE, UNTIL, OUTPUT);

    private Groups() {}

    /** Whether the iterations of a group are runs of their own, which other processes may take. */
    public static boolean isDistributed(WorkflowNode group) {
        return group.type().equals(FOR_EACH)
                && Boolean.TRUE.equals(group.config().get(DISTRIBUTE))
                && !group.isDisabled();
    }

    /** What expressions inside a group of a type can read of its iteration. */
    public static Set<String> iterationNames(String type) {
        return switch (type) {
            case FOR_EACH -> Set.of("item", "index");
            case LOOP -> Set.of("index", "last");
            default -> Set.of();
        };
    }

    /** The part of a group's configuration that is evaluated inside the group. */
    public static JsonObject inBody(JsonObject config) {
        return part(config, true);
    }

    /** The part of a group's configuration that is rendered before the group begins. */
    public static JsonObject outside(JsonObject config) {
        return part(config, false);
    }

    private static JsonObject part(JsonObject config, boolean body) {
        JsonObject.Builder part = JsonObject.builder();
        config.forEach((key, value) -> {
            if (IN_BODY.contains(key) == body) {
                part.put(key, value);
            }
        });
        return part.build();
    }
}
