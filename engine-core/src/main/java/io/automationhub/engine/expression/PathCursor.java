package io.automationhub.engine.expression;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.jexl3.parser.ASTArrayAccess;
import org.apache.commons.jexl3.parser.ASTIdentifier;
import org.apache.commons.jexl3.parser.ASTIdentifierAccess;
import org.apache.commons.jexl3.parser.ASTMethodNode;
import org.apache.commons.jexl3.parser.ASTNumberLiteral;
import org.apache.commons.jexl3.parser.ASTStringLiteral;
import org.apache.commons.jexl3.parser.JexlNode;
import org.jspecify.annotations.Nullable;

/** Walks the parts of a path and keeps its text, for messages. */
final class PathCursor {

    private final List<JexlNode> parts;
    private final String source;
    private final StringBuilder taken = new StringBuilder();
    private int next;

    PathCursor(List<JexlNode> parts, String source) {
        this.parts = parts;
        this.source = source;
    }

    boolean hasMore() {
        return next < parts.size();
    }

    JexlNode take() {
        JexlNode part = parts.get(next++);
        String name = part instanceof ASTIdentifier root ? root.getName() : fieldName(part);
        taken.append(taken.isEmpty() || name == null ? "" : ".").append(name == null ? "…" : name);
        return part;
    }

    /** Takes the next part if it is a field with a constant name: {@code .name} or {@code ['name']}. */
    @Nullable
    String takeField() {
        String name = hasMore() ? fieldName(parts.get(next)) : null;
        if (name != null) {
            take();
        }
        return name;
    }

    /** Whether the next part is read only if what stands before it is not null. */
    boolean nextIsSafe() {
        if (!hasMore()) {
            return false;
        }
        JexlNode part = parts.get(next);
        JexlNode access = part instanceof ASTMethodNode ? part.jjtGetChild(0) : part;
        return access instanceof ASTArrayAccess index
                ? index.isSafeChild(0)
                : access instanceof ASTIdentifierAccess field && field.isSafe();
    }

    /** The constant fields and positions that follow; nothing is taken. */
    List<Object> constantRest() {
        List<Object> rest = new ArrayList<>();
        for (int i = next; i < parts.size(); i++) {
            Object step = constantStep(parts.get(i));
            if (step == null) {
                break;
            }
            rest.add(step);
        }
        return rest;
    }

    private static @Nullable Object constantStep(JexlNode part) {
        String name = fieldName(part);
        if (name != null) {
            return PathClosure.isPosition(name) ? (Object) Long.valueOf(name) : name;
        }
        boolean position = part instanceof ASTArrayAccess
                && part.jjtGetNumChildren() == 1
                && part.jjtGetChild(0) instanceof ASTNumberLiteral;
        return position ? ((ASTNumberLiteral) part.jjtGetChild(0)).getLiteral().longValue() : null;
    }

    String taken() {
        return taken.toString();
    }

    String source() {
        return source;
    }

    private static @Nullable String fieldName(JexlNode part) {
        if (part instanceof ASTIdentifierAccess access) {
            return access.getName();
        }
        boolean constant = part instanceof ASTArrayAccess
                && part.jjtGetNumChildren() == 1
                && part.jjtGetChild(0) instanceof ASTStringLiteral;
        return constant ? ((ASTStringLiteral) part.jjtGetChild(0)).getLiteral() : null;
    }
}
