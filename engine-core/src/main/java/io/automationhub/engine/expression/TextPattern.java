package io.automationhub.engine.expression;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of RE2. RE2 matches in time linear in text and pattern, but a counted repetition of a counted
 * repetition multiplies the pattern, and deep nesting overflows its parser's stack; so a pattern is measured before it is
 * compiled.
 */
public final class TextPattern {

    private static final int MAX_LENGTH = 2_000;
    private static final int MAX_NESTING = 50;

    /** Atoms after all repetitions are written out. */
    private static final int MAX_SIZE = 20_000;

    /** Steps that one match may take, about a second. */
    private static final long MAX_WORK = 200_000_000;

    /** Steps that all matches in a text may take. */
    private static final long MAX_READS = 2 * MAX_WORK;

    /** Patterns that come from data, or are compiled again with each node that has them. */
    private static final Cache<String, Measured> RECENT =
            Caffeine.newBuilder().maximumSize(200).executor(Runnable::run).build();

    private final Pattern pattern;
    private final long size;
    private final int column;

    private TextPattern(Pattern pattern, long size, int column) {
        this.pattern = pattern;
        this.size = size;
        this.column = column;
    }

    static TextPattern compile(String source, int column) {
        if (source.length() > MAX_LENGTH) {
            throw new ExpressionException(column, "The pattern has more than " + MAX_LENGTH + " characters");
        }
        Measured measured = RECENT.get(source, text -> read(text, column));
        return new TextPattern(measured.pattern(), measured.size(), column);
    }

    private record Measured(Pattern pattern, long size) {}

    private static Measured read(String source, int column) {
        long size = measure(source, column);
        try {
            return new Measured(Pattern.compile(source), size);
        } catch (PatternSyntaxException e) {
            throw new ExpressionException(
                    column, "The pattern is not a regular expression of RE2: " + e.getDescription());
        }
    }

    /** Whether the whole text matches. */
    public boolean matches(String text) {
        return matcher(text).matches();
    }

    /** The first match, as an object of its {@code text}, its {@code groups} and its {@code index}; null if there is none. */
    public @Nullable JsonObject first(String text) {
        Matcher matcher = matcher(text);
        if (!matcher.find()) {
            return null;
        }
        @Nullable Object[] groups = new @Nullable Object[matcher.groupCount()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = matcher.group(i + 1);
        }
        return JsonObject.builder()
                .put("text", matcher.group())
                .put("groups", JsonArray.of(groups))
                .put("index", (long) text.codePointCount(0, matcher.start()))
                .build();
    }

    /** The texts of all matches. */
    public JsonArray all(String text) {
        List<Object> texts = new ArrayList<>();
        Matcher matcher = matcher(text);
        while (matcher.find()) {
            texts.add(matcher.group());
        }
        return JsonArray.of(texts.toArray());
    }

    /** A group of the first match; a negative number means the first group, or the whole if there is none. */
    public @Nullable String extract(String text, int group) {
        Matcher matcher = matcher(text);
        int wanted = group < 0 ? Math.min(1, matcher.groupCount()) : group;
        if (wanted > matcher.groupCount()) {
            throw new ExpressionException(
                    column, "The pattern has " + matcher.groupCount() + " group(s), so there is no group " + group);
        }
        return matcher.find() ? matcher.group(wanted) : null;
    }

    /** The text with each match replaced; {@code replacement} means itself. */
    public String replaceAll(String text, String replacement) {
        StringBuilder result = new StringBuilder();
        Matcher matcher = matcher(text);
        int from = 0;
        while (matcher.find()) {
            result.append(text, from, matcher.start()).append(replacement);
            Operators.limit(result.length(), column);
            from = matcher.end();
        }
        return result.append(text, from, text.length()).toString();
    }

    private Matcher matcher(String text) {
        if (text.length() * size > MAX_WORK) {
            throw tooLong(text);
        }
        return pattern.matcher(new Watched(text));
    }

    private ExpressionException tooLong(String text) {
        return new ExpressionException(
                column,
                "A text of " + text.length()
                        + " characters is too long for this pattern; cut it, or simplify the pattern");
    }

    /** One match reads each character about once, but a search for all matches may begin again and again. */
    private final class Watched implements CharSequence {

        private final String text;
        private long left = MAX_READS;

        Watched(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            left -= size;
            if (left < 0) {
                throw tooLong(text);
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** How many atoms the pattern has when counted repetitions are written out; too many are refused. */
    private static long measure(String source, int column) {
        Deque<Long> outer = new ArrayDeque<>();
        long size = 1;
        long last = 0;
        for (int at = 0; at < source.length(); at++) {
            char c = source.charAt(at);
            if (c == '(') {
                outer.push(size);
                size = 1;
            } else if (c == ')' && !outer.isEmpty()) {
                last = size;
                size += outer.pop();
            } else if (c == '{') {
                long repetitions = repetitions(source, at);
                size += last * (repetitions - 1);
                last *= repetitions;
            } else {
                at = c == '\\' ? at + 1 : c == '[' ? endOfClass(source, at) : at;
                last = 1;
                size++;
            }
            if (size > MAX_SIZE || outer.size() > MAX_NESTING) {
                throw new ExpressionException(
                        column,
                        "The pattern is too large: its repetitions multiply, or its brackets are nested too deep");
            }
        }
        return size;
    }

    /** The larger number of {@code {n,m}}; 1 if that is not what stands there. */
    private static long repetitions(String source, int open) {
        long number = 0;
        long largest = 1;
        for (int at = open + 1; at < source.length() && at < open + 12; at++) {
            char c = source.charAt(at);
            if (c >= '0' && c <= '9') {
                number = number * 10 + c - '0';
                largest = Math.max(largest, number);
            } else if (c == ',') {
                number = 0;
            } else {
                return c == '}' ? largest : 1;
            }
        }
        return 1;
    }

    private static int endOfClass(String source, int open) {
        int at = open + 1;
        while (at < source.length() && (source.charAt(at) != ']' || at == open + 1)) {
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }
}
