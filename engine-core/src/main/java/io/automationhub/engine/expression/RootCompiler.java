package io.automationhub.engine.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.jexl3.parser.JexlNode;
import org.jspecify.annotations.Nullable;

/** Compiles where a path begins: the reserved names, and the workflow's variables. */
final class RootCompiler {

    private static final Set<String> ITERATION = Set.of("item", "index", "last");

    private final ReferenceBinder binder;
    private final List<Reference.Use> uses = new ArrayList<>();

    /** How many arguments over {@code item} are open, one inside the other. */
    private int openItems;

    /** How many defaults are open, one inside the other. */
    private int defaults;

    /** How often {@code item} or {@code index} stood in the innermost of them. */
    private int itemUses;

    RootCompiler(ReferenceBinder binder) {
        this.binder = binder;
    }

    /** What follows is a default, or is compared with null: whoever wrote it knows that something may be absent. */
    void enterDefault() {
        defaults++;
    }

    void leaveDefault() {
        defaults--;
    }

    List<Reference.Use> uses() {
        return uses;
    }

    /** What follows is evaluated for each element of a list. Gives what {@link #leaveItem} is to be compared with. */
    int enterItem() {
        openItems++;
        return itemUses;
    }

    int leaveItem() {
        openItems--;
        return itemUses;
    }

    Closure compile(PathCursor path, boolean guarded) {
        JexlNode root = path.take();
        int column = Math.max(1, root.getColumn());
        boolean element = path.taken().equals("item") || path.taken().equals("index");
        if (openItems > 0 && element) {
            itemUses++;
            return element(path.taken().equals("item"), column);
        }
        Reference reference = reference(path, column);
        int slot = binder.slot(reference);
        if (slot < 0) {
            throw unknown(reference, binder.known(reference), column, path.source());
        }
        boolean providedFor = guarded || defaults > 0 || path.nextIsSafe();
        uses.add(new Reference.Use(reference, column, providedFor, path.constantRest()));
        return environment -> environment.read(slot);
    }

    /**
     * The element that a function looks at. A function with an argument over {@code item} may share its name with one
     * without, and then it is the enclosing function's element, or the enclosing group's.
     */
    private Closure element(boolean item, int column) {
        int outer = binder.slot(new Reference.Iteration(item ? "item" : "index"));
        return environment -> {
            if (environment instanceof Evaluation evaluation && evaluation.hasItem()) {
                return item ? evaluation.item() : (Object) evaluation.index();
            }
            if (outer < 0) {
                throw new ExpressionException(
                        column, "'item' and 'index' exist only in functions such as map and filter, and inside groups");
            }
            return environment.read(outer);
        };
    }

    private Reference reference(PathCursor path, int column) {
        String name = path.taken();
        if (ITERATION.contains(name)) {
            return new Reference.Iteration(name);
        }
        return switch (name) {
            case "input" -> new Reference.Input();
            case "previous" -> new Reference.Previous();
            case "execution" -> new Reference.Execution();
            case "workflow" -> new Reference.Workflow();
            case "vars" -> new Reference.Variable(field(path, "a variable's name, as in vars.team", column));
            case "nodes" -> node(path, column);
            case "groups" -> group(path, column);
            case "approvals" -> approval(path, column);
            default -> new Reference.Variable(name);
        };
    }

    private Reference node(PathCursor path, int column) {
        String id = field(path, "a node's id, as in nodes.fetch.output", column);
        String part = path.takeField();
        if (part != null) {
            for (Reference.Part candidate : Reference.Part.values()) {
                if (candidate.name().toLowerCase(Locale.ROOT).equals(part)) {
                    return new Reference.Node(id, candidate);
                }
            }
        }
        String meant = binder.known(new Reference.Node(id, Reference.Part.OUTPUT)).stream()
                .filter(known -> !known.equals(id) && path.source().startsWith("nodes." + known, column - 1))
                .max(Comparator.comparing(String::length))
                .orElse("send-mail");
        throw new ExpressionException(
                column,
                "'nodes." + id + "' must be followed by .output, .status or .error"
                        + (part == null ? "" : ", found '." + part + "'")
                        + "; an id that is no plain name is written nodes['" + meant + "'].output");
    }

    private static Reference group(PathCursor path, int column) {
        String id = field(path, "a group's id, as in groups.each.item", column);
        String name = path.takeField();
        if (name != null && ITERATION.contains(name)) {
            return new Reference.Group(id, name);
        }
        throw new ExpressionException(column, "'groups." + id + "' must be followed by .item, .index or .last");
    }

    private static Reference approval(PathCursor path, int column) {
        String id = field(path, "the id of an approval node, as in approvals.review.token", column);
        if ("token".equals(path.takeField())) {
            return new Reference.Approval(id);
        }
        throw new ExpressionException(column, "'approvals." + id + "' must be followed by .token");
    }

    private static String field(PathCursor path, String expected, int column) {
        String field = path.takeField();
        if (field == null) {
            throw new ExpressionException(column, "'" + path.taken() + "' must be followed by " + expected);
        }
        return field;
    }

    private static ExpressionException unknown(
            Reference reference, Collection<String> known, int column, String source) {
        String name = name(reference);
        String what = reference instanceof Reference.Node
                ? "There is no node '" + name + "'"
                : reference instanceof Reference.Variable
                        ? "There is no variable '" + name + "'"
                        : reference instanceof Reference.Approval
                                ? "There is no approval node '" + name + "' in this group or around it"
                                : "'" + name + "' exists only inside a group";
        String list = known.isEmpty()
                ? ""
                : "; known are "
                        + String.join(", ", known.stream().sorted().limit(20).toList());
        return new ExpressionException(
                column, what + (name == null ? "" : NearestName.hint(name, known)) + list + afterMinus(source, column));
    }

    private static @Nullable String name(Reference reference) {
        if (reference instanceof Reference.Node node) {
            return node.id();
        }
        if (reference instanceof Reference.Variable variable) {
            return variable.name();
        }
        if (reference instanceof Reference.Approval approval) {
            return approval.id();
        }
        if (reference instanceof Reference.Iteration iteration) {
            return iteration.name();
        }
        return reference instanceof Reference.Group group ? "groups." + group.id() : "this";
    }

    /** {@code input.send-mail} subtracts, which is seldom what was meant. */
    private static String afterMinus(String source, int column) {
        boolean minus = column >= 3
                && column <= source.length()
                && source.charAt(column - 2) == '-'
                && Character.isLetterOrDigit(source.charAt(column - 3));
        return minus ? "; a name that has a '-' is written in brackets, like input['send-mail']" : "";
    }
}
