package io.automationhub.engine.expression;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.jexl3.parser.ASTAddNode;
import org.apache.commons.jexl3.parser.ASTAndNode;
import org.apache.commons.jexl3.parser.ASTArguments;
import org.apache.commons.jexl3.parser.ASTArrayAccess;
import org.apache.commons.jexl3.parser.ASTArrayLiteral;
import org.apache.commons.jexl3.parser.ASTDivNode;
import org.apache.commons.jexl3.parser.ASTEQNode;
import org.apache.commons.jexl3.parser.ASTERNode;
import org.apache.commons.jexl3.parser.ASTEWNode;
import org.apache.commons.jexl3.parser.ASTEmptyFunction;
import org.apache.commons.jexl3.parser.ASTFalseNode;
import org.apache.commons.jexl3.parser.ASTFunctionNode;
import org.apache.commons.jexl3.parser.ASTGENode;
import org.apache.commons.jexl3.parser.ASTGTNode;
import org.apache.commons.jexl3.parser.ASTIdentifier;
import org.apache.commons.jexl3.parser.ASTIdentifierAccess;
import org.apache.commons.jexl3.parser.ASTJexlScript;
import org.apache.commons.jexl3.parser.ASTLENode;
import org.apache.commons.jexl3.parser.ASTLTNode;
import org.apache.commons.jexl3.parser.ASTMapLiteral;
import org.apache.commons.jexl3.parser.ASTMethodNode;
import org.apache.commons.jexl3.parser.ASTModNode;
import org.apache.commons.jexl3.parser.ASTMulNode;
import org.apache.commons.jexl3.parser.ASTNENode;
import org.apache.commons.jexl3.parser.ASTNRNode;
import org.apache.commons.jexl3.parser.ASTNotNode;
import org.apache.commons.jexl3.parser.ASTNullLiteral;
import org.apache.commons.jexl3.parser.ASTNullpNode;
import org.apache.commons.jexl3.parser.ASTNumberLiteral;
import org.apache.commons.jexl3.parser.ASTOrNode;
import org.apache.commons.jexl3.parser.ASTReference;
import org.apache.commons.jexl3.parser.ASTReferenceExpression;
import org.apache.commons.jexl3.parser.ASTSWNode;
import org.apache.commons.jexl3.parser.ASTSetLiteral;
import org.apache.commons.jexl3.parser.ASTSizeFunction;
import org.apache.commons.jexl3.parser.ASTStringLiteral;
import org.apache.commons.jexl3.parser.ASTSubNode;
import org.apache.commons.jexl3.parser.ASTTernaryNode;
import org.apache.commons.jexl3.parser.ASTTrueNode;
import org.apache.commons.jexl3.parser.ASTUnaryMinusNode;
import org.apache.commons.jexl3.parser.JexlNode;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one parsed tree to closures. The kinds of nodes it names are the allow-list: whatever else JEXL's grammar
 * has is refused here, before anything runs.
 */
final class TreeCompiler {

    /** Compiling and evaluating take stack for each level; a thread has room for many times this. */
    private static final int MAX_DEPTH = 400;

    private final String source;
    private final Iterator<String> numbers;
    private final RootCompiler roots;
    private final FunctionLibrary library;
    private int depth;
    private boolean callsFunctions;

    TreeCompiler(String source, SourceCheck.Result checked, ReferenceBinder binder, FunctionLibrary library) {
        this.library = library;
        this.source = source;
        this.numbers = checked.numbers().iterator();
        this.roots = new RootCompiler(binder);
    }

    /** @param forItem whether there is an {@code item}, of which the expression is evaluated */
    Expression compile(ASTJexlScript script, boolean forItem) {
        if (script.jjtGetNumChildren() != 1) {
            throw new ExpressionException(1, "Expected one expression, found " + script.jjtGetNumChildren());
        }
        if (forItem) {
            roots.enterItem();
        }
        Closure closure = compile(script.jjtGetChild(0), false);
        return new Expression(source, callsFunctions ? counted(closure) : closure, roots.uses());
    }

    /** All functions of an expression share its bounds. */
    private static Closure counted(Closure closure) {
        return environment -> closure.evaluate(Evaluation.in(environment));
    }

    /** @param guarded whether null along a path gives null instead of an error, because a default follows */
    private Closure compile(JexlNode node, boolean guarded) {
        deeper(node);
        Closure closure = compilePart(node, guarded);
        depth--;
        return closure;
    }

    private void deeper(JexlNode node) {
        if (++depth > MAX_DEPTH) {
            throw new ExpressionException(
                    column(node),
                    "More than " + MAX_DEPTH + " parts are combined one into the other; compute some in nodes before");
        }
    }

    private Closure compilePart(JexlNode node, boolean guarded) {
        if (node instanceof ASTReference || node instanceof ASTIdentifier) {
            return path(node, guarded);
        }
        if (node instanceof ASTReferenceExpression) {
            return compile(node.jjtGetChild(0), guarded);
        }
        Closure literal = literal(node);
        if (literal != null) {
            return literal;
        }
        Closure logic = logic(node, guarded);
        return logic != null ? logic : operation(node);
    }

    private @Nullable Closure literal(JexlNode node) {
        if (node instanceof ASTStringLiteral text) {
            return new Closure.Constant(text.getLiteral());
        }
        if (node instanceof ASTNumberLiteral number) {
            return new Closure.Constant(number(number));
        }
        if (node instanceof ASTTrueNode || node instanceof ASTFalseNode) {
            return new Closure.Constant(node instanceof ASTTrueNode);
        }
        if (node instanceof ASTNullLiteral) {
            return new Closure.Constant(null);
        }
        if (node instanceof ASTArrayLiteral) {
            return list(node);
        }
        if (node instanceof ASTSetLiteral && node.jjtGetNumChildren() == 0) {
            return new Closure.Constant(JsonObject.EMPTY);
        }
        return node instanceof ASTMapLiteral ? object(node) : null;
    }

    /** The number as the source wrote it: the parser's own is a double where it has a decimal point. */
    private @Nullable Object number(ASTNumberLiteral node) {
        String text = numbers.hasNext() ? numbers.next() : "";
        if (text.isEmpty() || Double.parseDouble(text) != node.getLiteral().doubleValue()) {
            throw new ExpressionException(column(node), "A number here is written in a way that is not JSON's");
        }
        try {
            return Json.parse(text);
        } catch (JsonException e) {
            throw new ExpressionException(column(node), String.valueOf(e.getMessage()));
        }
    }

    private Closure list(JexlNode node) {
        int column = column(node);
        Closure[] elements = children(node);
        return environment -> {
            @Nullable Object[] values = new @Nullable Object[elements.length];
            for (int i = 0; i < elements.length; i++) {
                values[i] = elements[i].evaluate(environment);
            }
            return Operators.sized(JsonArray.of(values), column);
        };
    }

    private Closure object(JexlNode node) {
        int column = column(node);
        int size = node.jjtGetNumChildren();
        Closure[] keys = new Closure[size];
        Closure[] values = new Closure[size];
        for (int i = 0; i < size; i++) {
            keys[i] = compile(node.jjtGetChild(i).jjtGetChild(0), false);
            values[i] = compile(node.jjtGetChild(i).jjtGetChild(1), false);
        }
        return environment -> {
            JsonObject.Builder object = JsonObject.builder();
            for (int i = 0; i < size; i++) {
                object.put(Operators.text(keys[i].evaluate(environment), column), values[i].evaluate(environment));
            }
            return Operators.sized(object.build(), column);
        };
    }

    private @Nullable Closure logic(JexlNode node, boolean guarded) {
        int column = column(node);
        if (node instanceof ASTAndNode || node instanceof ASTOrNode) {
            boolean stopAt = node instanceof ASTOrNode;
            Closure[] parts = children(node);
            return environment -> {
                for (Closure part : parts) {
                    if (Operators.truth(part.evaluate(environment), column) == stopAt) {
                        return stopAt;
                    }
                }
                return !stopAt;
            };
        }
        if (node instanceof ASTNotNode) {
            Closure part = compile(node.jjtGetChild(0), false);
            return environment -> !Operators.truth(part.evaluate(environment), column);
        }
        if (node instanceof ASTNullpNode) {
            Closure value = compile(node.jjtGetChild(0), true);
            Closure otherwise = compileDefault(node.jjtGetChild(1), guarded);
            return environment -> {
                Object result = value.evaluate(environment);
                return result != null ? result : otherwise.evaluate(environment);
            };
        }
        return node instanceof ASTTernaryNode ? choice(node, guarded) : null;
    }

    private Closure compileDefault(JexlNode node, boolean guarded) {
        roots.enterDefault();
        Closure closure = compile(node, guarded);
        roots.leaveDefault();
        return closure;
    }

    private Closure choice(JexlNode node, boolean guarded) {
        int column = column(node);
        if (node.jjtGetNumChildren() == 2) {
            Closure value = compile(node.jjtGetChild(0), true);
            Closure otherwise = compileDefault(node.jjtGetChild(1), guarded);
            return environment -> {
                Object result = value.evaluate(environment);
                return result == null || Boolean.FALSE.equals(result) ? otherwise.evaluate(environment) : result;
            };
        }
        Closure condition = compile(node.jjtGetChild(0), false);
        Closure yes = compile(node.jjtGetChild(1), guarded);
        Closure no = compile(node.jjtGetChild(2), guarded);
        return environment -> Operators.truth(condition.evaluate(environment), column)
                ? yes.evaluate(environment)
                : no.evaluate(environment);
    }

    private Closure operation(JexlNode node) {
        int column = column(node);
        if (node instanceof ASTUnaryMinusNode) {
            Closure part = compile(node.jjtGetChild(0), false);
            return part instanceof Closure.Constant constant && constant.value() instanceof Number
                    ? new Closure.Constant(Operators.negate(constant.value(), column))
                    : environment -> Operators.negate(part.evaluate(environment), column);
        }
        if (node instanceof ASTFunctionNode) {
            return call(node);
        }
        if (node instanceof ASTSizeFunction || node instanceof ASTEmptyFunction) {
            Closure part = compile(node.jjtGetChild(0), true);
            return node instanceof ASTSizeFunction
                    ? environment -> Operators.size(part.evaluate(environment), column)
                    : environment -> Operators.isEmpty(part.evaluate(environment));
        }
        if (node.jjtGetNumChildren() != 2) {
            throw notAllowed(node);
        }
        boolean asksForNull = (node instanceof ASTEQNode || node instanceof ASTNENode)
                && (node.jjtGetChild(0) instanceof ASTNullLiteral || node.jjtGetChild(1) instanceof ASTNullLiteral);
        return asksForNull
                ? binary(
                        node,
                        compileDefault(node.jjtGetChild(0), false),
                        compileDefault(node.jjtGetChild(1), false),
                        column)
                : binary(node, compile(node.jjtGetChild(0), false), compile(node.jjtGetChild(1), false), column);
    }

    private static Closure binary(JexlNode node, Closure a, Closure b, int column) {
        if (node instanceof ASTEQNode) {
            return e -> Operators.equal(a.evaluate(e), b.evaluate(e));
        }
        if (node instanceof ASTNENode) {
            return e -> !Operators.equal(a.evaluate(e), b.evaluate(e));
        }
        if (node instanceof ASTLTNode) {
            return e -> Operators.order(a.evaluate(e), b.evaluate(e), column) < 0;
        }
        if (node instanceof ASTLENode) {
            return e -> Operators.order(a.evaluate(e), b.evaluate(e), column) <= 0;
        }
        if (node instanceof ASTGTNode) {
            return e -> Operators.order(a.evaluate(e), b.evaluate(e), column) > 0;
        }
        if (node instanceof ASTGENode) {
            return e -> Operators.order(a.evaluate(e), b.evaluate(e), column) >= 0;
        }
        Closure arithmetic = arithmetic(node, a, b, column);
        return arithmetic != null ? arithmetic : text(node, a, b, column);
    }

    private static @Nullable Closure arithmetic(JexlNode node, Closure a, Closure b, int column) {
        if (node instanceof ASTAddNode) {
            return e -> Operators.add(a.evaluate(e), b.evaluate(e), column);
        }
        if (node instanceof ASTSubNode) {
            return e -> Operators.subtract(a.evaluate(e), b.evaluate(e), column);
        }
        if (node instanceof ASTMulNode) {
            return e -> Operators.multiply(a.evaluate(e), b.evaluate(e), column);
        }
        if (node instanceof ASTDivNode) {
            return e -> Operators.divide(a.evaluate(e), b.evaluate(e), column);
        }
        return node instanceof ASTModNode ? e -> Operators.remainder(a.evaluate(e), b.evaluate(e), column) : null;
    }

    private static Closure text(JexlNode node, Closure a, Closure b, int column) {
        if (node instanceof ASTERNode || node instanceof ASTNRNode) {
            boolean expected = node instanceof ASTERNode;
            if (b instanceof Closure.Constant constant && constant.value() instanceof String literal) {
                TextPattern pattern = TextPattern.compile(literal, column);
                return e -> Operators.matches(a.evaluate(e), pattern, column) == expected;
            }
            return e -> Operators.matches(a.evaluate(e), b.evaluate(e), column) == expected;
        }
        if (node instanceof ASTSWNode || node instanceof ASTEWNode) {
            boolean start = node instanceof ASTSWNode;
            return e -> Operators.affix(a.evaluate(e), b.evaluate(e), start, column);
        }
        throw notAllowed(node);
    }

    private Closure call(JexlNode node) {
        ASTIdentifier name = (ASTIdentifier) node.jjtGetChild(0);
        String full = name.getNamespace() == null ? name.getName() : name.getNamespace() + ":" + name.getName();
        return call(full, null, node.jjtGetChild(1), column(node), false);
    }

    /** A function call; {@code receiver}, if there is one, is its first argument. */
    private Closure call(String name, @Nullable Closure receiver, JexlNode arguments, int column, boolean safe) {
        int given = arguments instanceof ASTArguments ? arguments.jjtGetNumChildren() : 0;
        int shift = receiver == null ? 0 : 1;
        List<ExpressionFunction> candidates = candidates(name, given + shift, column);
        CallSite.Argument[] all = new CallSite.Argument[given + shift];
        if (receiver != null) {
            all[0] = new CallSite.Argument(receiver, false);
        }
        for (int i = 0; i < given; i++) {
            int position = i + shift;
            boolean each = candidates.stream()
                    .anyMatch(candidate -> candidate.parameter(position).type() == ValueType.EACH);
            all[position] = argument(arguments.jjtGetChild(i), each);
        }
        CallSite site = new CallSite(name, candidates, all, safe, column);
        site.checkConstants();
        callsFunctions = true;
        return site;
    }

    private CallSite.Argument argument(JexlNode node, boolean each) {
        if (!each) {
            return new CallSite.Argument(compile(node, false), false);
        }
        int before = roots.enterItem();
        Closure closure = compile(node, false);
        return new CallSite.Argument(closure, roots.leaveItem() > before);
    }

    /** The functions with a name that take so many arguments; at least one. */
    private List<ExpressionFunction> candidates(String name, int count, int column) {
        List<ExpressionFunction> named = library.find(name);
        if (named.isEmpty()) {
            throw new ExpressionException(
                    column,
                    "There is no function '" + name + "'"
                            + ForeignNames.function(name)
                                    .map(ours -> "; what it does elsewhere, " + ours + "(…) does")
                                    .orElseGet(() -> NearestName.hint(name, library.names()))
                            + "; docs/functions.md lists all");
        }
        List<ExpressionFunction> fitting =
                named.stream().filter(function -> function.takes(count)).toList();
        if (fitting.isEmpty()) {
            String signatures = String.join(
                    " or ", named.stream().map(ExpressionFunction::signature).toList());
            throw new ExpressionException(
                    column, "The function '" + name + "' is given " + count + " value(s), but is " + signatures);
        }
        return fitting;
    }

    /** A path: something to begin with, then fields, indexes and calls. */
    private Closure path(JexlNode node, boolean guarded) {
        if (node instanceof ASTIdentifier name) {
            return roots.compile(new PathCursor(List.of(name), source), guarded);
        }
        List<JexlNode> parts = new ArrayList<>();
        for (int i = 0; i < node.jjtGetNumChildren(); i++) {
            parts.add(node.jjtGetChild(i));
        }
        PathCursor cursor = new PathCursor(parts, source);
        Closure value = parts.get(0) instanceof ASTIdentifier
                ? roots.compile(cursor, guarded)
                : compile(cursor.take(), guarded);
        PathClosure.Builder path = new PathClosure.Builder(value, guarded, cursor.taken());
        int outside = depth;
        while (cursor.hasMore()) {
            step(cursor.take(), path);
        }
        depth = outside;
        return path.build();
    }

    private void step(JexlNode part, PathClosure.Builder path) {
        if (part instanceof ASTArrayAccess access) {
            for (int i = 0; i < access.jjtGetNumChildren(); i++) {
                path.index(compile(access.jjtGetChild(i), false), access.isSafeChild(i), column(part));
            }
        } else if (part instanceof ASTMethodNode) {
            // Each call is evaluated inside the next one.
            deeper(part);
            ASTIdentifierAccess name = (ASTIdentifierAccess) part.jjtGetChild(0);
            path.call(
                    name.getName(),
                    name.isSafe(),
                    (receiver, safe) -> call(name.getName(), receiver, part.jjtGetChild(1), column(part), safe));
        } else if (part instanceof ASTIdentifierAccess field) {
            path.field(field.getName(), field.isSafe(), column(part));
        } else {
            throw notAllowed(part);
        }
    }

    private Closure[] children(JexlNode node) {
        Closure[] closures = new Closure[node.jjtGetNumChildren()];
        for (int i = 0; i < closures.length; i++) {
            closures[i] = compile(node.jjtGetChild(i), false);
        }
        return closures;
    }

    private static int column(JexlNode node) {
        return Math.max(1, node.getColumn());
    }

    static ExpressionException notAllowed(JexlNode node) {
        String kind = node.getClass().getSimpleName().replaceFirst("^AST", "").replaceFirst("Node$", "");
        return new ExpressionException(
                column(node),
                "'" + kind.toLowerCase(Locale.ROOT)
                        + "' is not part of the language; it has paths, literals, comparisons, arithmetic, ?:, ?? and"
                        + " the listed functions");
    }
}
