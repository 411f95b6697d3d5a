package io.automationhub.engine.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks over the source of an expression before JEXL's parser sees it, which overflows the stack on deep nesting, needs
 * exponential time for nested {@code [}, and reads numbers in ways that JSON does not.
 *
 * <p>It also makes the text that the parser gets: line breaks and tabs outside strings become blanks, so that a column
 * is an offset, and collects the numbers in the order of the source, because the parser turns decimals into doubles.
 */
final class SourceCheck {

    static final int MAX_LENGTH = 20_000;
    private static final int MAX_NESTING = 100;
    private static final int MAX_INDEX_NESTING = 8;

    /** Each takes the parser deeper, like a bracket. */
    private static final int MAX_CHOICES = 100;

    private static final int MAX_SIGNS = 20;

    private final String source;
    private final StringBuilder text;
    private final List<String> numbers = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private int openIndexes;
    private int choices;

    /** How many signs, one directly after the other, stand before this place. */
    private int signs;

    private int at;

    private SourceCheck(String source) {
        this.source = source;
        this.text = new StringBuilder(source);
    }

    /** The text for the parser and the number literals in order. */
    record Result(String text, List<String> numbers) {}

    static Result check(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new ExpressionException(
                    1,
                    "The expression has " + source.length() + " characters, more than " + MAX_LENGTH
                            + "; compute parts of it in nodes before");
        }
        if (source.isBlank()) {
            throw new ExpressionException(1, "The expression is empty; write a value such as input.name");
        }
        SourceCheck check = new SourceCheck(source);
        check.run();
        return new Result(check.text.toString(), check.numbers);
    }

    private void run() {
        while (at < source.length()) {
            char c = source.charAt(at);
            countSigns(c);
            if (c == '\'' || c == '"') {
                skipString(c);
            } else if (isDigit(c)) {
                number();
            } else if (isNameStart(c)) {
                skipName();
            } else {
                symbol(c);
            }
        }
        if (!open.isEmpty()) {
            throw problem("There is a '" + open.charAt(open.length() - 1) + "' without its closing bracket");
        }
    }

    private void countSigns(char c) {
        boolean sign =
                c == '!' || c == '-' || c == '+' || c == '~' || source.startsWith("not", at) && !isNamePart(at + 3);
        if (!sign && !Character.isWhitespace(c)) {
            signs = 0;
        } else if (sign && ++signs > MAX_SIGNS) {
            throw problem("More than " + MAX_SIGNS + " signs stand one after the other; one or two say the same");
        }
    }

    private boolean isNamePart(int position) {
        return position < source.length() && (isNameStart(source.charAt(position)) || isDigit(source.charAt(position)));
    }

    private void symbol(char c) {
        switch (c) {
            case '?' -> choice();
            case '(', '{' -> open(c);
            case '[' -> {
                open(c);
                if (++openIndexes > MAX_INDEX_NESTING) {
                    throw problem("More than " + MAX_INDEX_NESTING + " '[' are nested; compute the inner ones before");
                }
            }
            case ')', ']', '}' -> close(c);
            case '\t', '\n', '\r' -> text.setCharAt(at, ' ');
            case '`', '@', '#', ';', '\\' ->
                throw problem("The character '" + c
                        + "' has no meaning here; write names that have it in brackets, like input['a" + c + "b']");
            default -> other(c);
        }
        at++;
    }

    /** {@code ? :}, {@code ?:} or {@code ??}, but not {@code ?.} and {@code ?[}. */
    private void choice() {
        char next = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
        if (next == '?') {
            at++;
        }
        if (next != '.' && next != '[' && ++choices > MAX_CHOICES) {
            throw problem("More than " + MAX_CHOICES + " '?' stand in one expression; compute some in nodes before");
        }
    }

    private void other(char c) {
        if (c > '~' || c < ' ') {
            throw problem("Names outside strings are ASCII, but there is " + describe(at)
                    + "; write other names in brackets, like input['größe']");
        }
        char next = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
        if (c == '.' && next == '.') {
            throw problem("Ranges ('..') are not part of the language");
        }
        if (c == '/' && (next == '/' || next == '*')) {
            throw problem("Comments are not part of the language; use the node's notes");
        }
        if (c == '~' && next == '/') {
            throw problem("A pattern is written as text: value =~ 'a.*'");
        }
    }

    private String describe(int position) {
        int point = source.codePointAt(position);
        return Character.isLetterOrDigit(point)
                ? "'" + Character.toString(point) + "'"
                : "the character U+" + String.format("%04X", point);
    }

    private void open(char c) {
        open.append(c);
        if (open.length() > MAX_NESTING) {
            throw problem("Brackets are nested deeper than " + MAX_NESTING + " levels; compute parts in nodes before");
        }
    }

    private void close(char c) {
        char expected = c == ')' ? '(' : c == ']' ? '[' : '{';
        int last = open.length() - 1;
        if (last < 0 || open.charAt(last) != expected) {
            throw problem("There is a '" + c + "' that closes nothing");
        }
        open.setLength(last);
        if (c == ']') {
            openIndexes--;
        }
    }

    private void skipString(char quote) {
        int start = at++;
        while (at < source.length() && source.charAt(at) != quote) {
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= source.length()) {
            at = start;
            throw problem("The text that begins here has no closing " + quote);
        }
        at++;
    }

    private void skipName() {
        while (at < source.length() && (isNameStart(source.charAt(at)) || isDigit(source.charAt(at)))) {
            at++;
        }
    }

    private void number() {
        int start = at;
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        skipDigits();
        if (afterDot) {
            // a.0.b: the digits are a position in a list, not a number literal.
            return;
        }
        if (at + 1 < source.length() && source.charAt(at) == '.' && "fFdD".indexOf(source.charAt(at + 1)) >= 0) {
            // The parser takes the letter for the suffix of a Java number.
            throw problem("What is called on this number must be written like ("
                    + Operators.shortened(source.substring(start, at)) + ")." + source.charAt(at + 1) + "…");
        }
        if (at + 1 < source.length() && source.charAt(at) == '.' && isDigit(source.charAt(at + 1))) {
            at++;
            skipDigits();
        }
        skipExponent();
        String number = source.substring(start, at);
        if (at < source.length() && isNameStart(source.charAt(at))) {
            at = start;
            throw problem("'" + number + "' is followed by a letter; numbers are written as in JSON, without suffix");
        }
        if (number.length() > 1 && number.charAt(0) == '0' && isDigit(number.charAt(1))) {
            at = start;
            throw problem("The number '" + number + "' begins with 0; leave the zero out (octal is not meant here)");
        }
        numbers.add(number);
    }

    private void skipDigits() {
        while (at < source.length() && isDigit(source.charAt(at))) {
            at++;
        }
    }

    private void skipExponent() {
        if (at >= source.length() || (source.charAt(at) | 0x20) != 'e') {
            return;
        }
        int digits = at + 1;
        if (digits < source.length() && (source.charAt(digits) == '+' || source.charAt(digits) == '-')) {
            digits++;
        }
        if (digits < source.length() && isDigit(source.charAt(digits))) {
            at = digits;
            skipDigits();
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$';
    }

    private ExpressionException problem(String message) {
        return new ExpressionException(at + 1, message);
    }
}
