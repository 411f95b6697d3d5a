package io.automationhub.engine.functions;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of a text, written in several ways. */
final class TextCase {

    private TextCase() {}

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        return new StringBuilder(text.length())
                .appendCodePoint(Character.toTitleCase(first))
                .append(text, Character.charCount(first), text.length())
                .toString();
    }

    static String title(String text) {
        StringBuilder result = new StringBuilder(text.length());
        boolean begins = true;
        for (int point : text.toLowerCase(Locale.ROOT).codePoints().toArray()) {
            result.appendCodePoint(begins ? Character.toTitleCase(point) : point);
            begins = !Character.isLetterOrDigit(point) && point != '\'';
        }
        return result.toString();
    }

    static String camel(String text) {
        StringBuilder result = new StringBuilder();
        for (String word : words(text)) {
            result.append(result.isEmpty() ? word : capitalize(word));
        }
        return result.toString();
    }

    static String joined(String text, String separator) {
        return String.join(separator, words(text));
    }

    static String slug(String text) {
        String plain = Normalizer.normalize(text.replace("ß", "ss"), Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "");
        return plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** The words in small letters: what stands between other characters, and before a capital. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int before = ' ';
        for (int point : text.codePoints().toArray()) {
            boolean begins = Character.isUpperCase(point) && !Character.isUpperCase(before);
            if (begins || !Character.isLetterOrDigit(point)) {
                end(word, words);
            }
            if (Character.isLetterOrDigit(point)) {
                word.appendCodePoint(Character.toLowerCase(point));
            }
            before = point;
        }
        end(word, words);
        return words;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
