package io.automationhub.engine.expression;

import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlInfo;
import org.apache.commons.jexl3.parser.ASTJexlScript;
import org.apache.commons.jexl3.parser.Parser;

/**
 * Compiles expressions. The grammar is JEXL's (Apache Commons JEXL 3.7, its own parser); what the tree may hold and
 * what it means is ours: see {@code docs/workflow-file.md}. Instances keep nothing between calls.
 */
public final class ExpressionCompiler {

    private final ReferenceBinder binder;
    private final FunctionLibrary library;

    /** A compiler for expressions that may refer to what {@code binder} knows and call what is in {@code library}. */
    public ExpressionCompiler(ReferenceBinder binder, FunctionLibrary library) {
        this.binder = binder;
        this.library = library;
    }

    /**
     * Compiles one expression; an enclosing pair of {@code {{ }}} is tolerated.
     *
     * @throws ExpressionException if the source is not an expression of the language, is too large or too deep, or
     *     refers to something that does not exist
     */
    public Expression compile(String source) {
        return compile(source, false);
    }

    /**
     * Compiles an expression that is evaluated for each element of a list, and reads it as {@code item}.
     *
     * @throws ExpressionException as {@link #compile}
     */
    Expression compileForItem(String source) {
        return compile(source, true);
    }

    private Expression compile(String source, boolean forItem) {
        String bare = withoutBraces(source);
        SourceCheck.Result checked = SourceCheck.check(bare);
        try {
            return new TreeCompiler(bare, checked, binder, library).compile(parse(checked.text()), forItem);
        } catch (StackOverflowError e) {
            // The bounds fit into 512 KB; who calls this from deep inside a smaller stack is told so.
            throw new ExpressionException(
                    1, "The expression is nested too deep for the stack of this thread; compute parts in nodes before");
        }
    }

    private static String withoutBraces(String source) {
        String stripped = source.strip();
        boolean enclosed = stripped.startsWith("{{") && stripped.endsWith("}}") && stripped.length() >= 4;
        return enclosed ? stripped.substring(2, stripped.length() - 2) : source;
    }

    private static ASTJexlScript parse(String source) {
        try {
            return new Parser(";").parse(new JexlInfo("expression", 1, 1), Grammar.FEATURES, source, null);
        } catch (JexlException e) {
            int column = e.getInfo() == null ? 1 : Math.max(1, e.getInfo().getColumn());
            throw new ExpressionException(column, "This is not an expression: " + describe(e));
        } catch (StackOverflowError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // The parser has no contract for what it throws on hostile text; whatever it is, the text is at fault.
            throw new ExpressionException(1, "This is not an expression that can be read");
        }
    }

    private static String describe(JexlException e) {
        if (e instanceof JexlException.Feature || e instanceof JexlException.Assignment) {
            return "statements, assignments and declarations are not part of the language";
        }
        String detail = e instanceof JexlException.Parsing parsing ? parsing.getDetail() : null;
        return detail == null || detail.isBlank() ? "it ends or breaks off unexpectedly" : "unexpected " + detail;
    }

    /** What of JEXL's grammar may be written at all. Loaded with the first expression. */
    private static final class Grammar {
        static final JexlFeatures FEATURES = JexlFeatures.createNone()
                .methodCall(true)
                .structuredLiteral(true)
                .arrayReferenceExpr(true)
                .comparatorNames(true)
                .namespaceIdentifier(true);
    }
}
