package io.automationhub.ai.guard;

import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The guardrails that come with the library, from Java or from the configuration of a node. */
public final class Guardrails {

    private static final String MASK = "[redacted]";
    private static final int SHOWN = 5;

    /** What gives access to something. */
    private static final List<Pattern> SECRETS = List.of(
            Pattern.compile(
                    "-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\\s]*+(?:-----END [A-Z ]*PRIVATE KEY-----)?"),
            Pattern.compile("\\bsk-[A-Za-z0-9_-]{16,}"),
            Pattern.compile("\\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-)[A-Za-z0-9_-]{16,}"),
            Pattern.compile("\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"),
            Pattern.compile("\\bAIza[A-Za-z0-9_-]{35}"),
            Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}"),
            Pattern.compile("(?i)\\bbearer\\s+[A-Za-z0-9._~+/=-]{16,}"));

    private static final Pattern MAIL =
            Pattern.compile("[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9.-]{1,190}\\.[A-Za-z]{2,24}\\b");
    private static final Pattern IBAN = Pattern.compile("\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\\b");
    private static final Pattern CARD = Pattern.compile("\\b[0-9](?:[ -]?[0-9]){12,18}\\b");
    private static final Pattern PHONE =
            Pattern.compile("(?<![0-9A-Za-z])\\+[0-9](?:[ ()/-]{0,2}[0-9]){7,14}(?![0-9])");

    private Guardrails() {}

    private record Named(String name, Function<String, Verdict> rule) implements Guardrail {
        @Override
        public Verdict check(String text) {
            return rule.apply(text);
        }
    }

    /** Texts of at most so many characters. */
    public static Guardrail length(int most) {
        return new Named(
                "length",
                text -> text.length() <= most
                        ? Verdict.PASS
                        : new Verdict.Retry("it has " + text.length() + " characters, more than " + most));
    }

    /** Takes keys, tokens and private keys out, as known services write them. */
    public static Guardrail secrets() {
        return new Named("secrets", Guardrails::withoutSecrets);
    }

    /** Takes mail addresses, international phone numbers, and valid numbers of bank accounts and cards out. */
    public static Guardrail personalData() {
        return new Named("personalData", text -> {
            String rest = replaced(text, MAIL, found -> true);
            rest = replaced(rest, IBAN, Guardrails::isIban);
            rest = replaced(rest, CARD, Guardrails::isCard);
            rest = replaced(rest, PHONE, found -> true);
            return rest.equals(text) ? Verdict.PASS : new Verdict.Redact(rest);
        });
    }

    /**
     * Texts in which none of these is found.
     *
     * @param patterns regular expressions
     * @param verdict {@code fail}, {@code redact} or {@code retry}
     * @throws IllegalArgumentException if one is none
     */
    public static Guardrail deny(List<String> patterns, String verdict) {
        List<com.google.re2j.Pattern> compiled = compiled(patterns);
        return switch (verdict) {
            case "redact" -> new Named("deny", text -> without(text, compiled));
            case "retry" ->
                new Named(
                        "deny",
                        text -> any(text, compiled) ? new Verdict.Retry("it has what it must not have") : Verdict.PASS);
            case "fail" ->
                new Named(
                        "deny",
                        text -> any(text, compiled) ? new Verdict.Fail("it has what it must not have") : Verdict.PASS);
            default -> throw wrong("the verdict of 'deny' is fail, redact or retry, found '" + verdict + "'");
        };
    }

    /**
     * Texts in which at least one of these is found.
     *
     * @param patterns regular expressions
     * @throws IllegalArgumentException if one is none
     */
    public static Guardrail allow(List<String> patterns) {
        List<com.google.re2j.Pattern> compiled = compiled(patterns);
        return new Named(
                "allow",
                text -> any(text, compiled) ? Verdict.PASS : new Verdict.Retry("it has nothing of what it must have"));
    }

    /**
     * Texts that are JSON of a schema.
     *
     * @throws IllegalArgumentException if the schema is none
     */
    public static Guardrail schema(JsonObject schema) {
        JsonSchema compiled = JsonSchema.compileChecked(schema);
        return new Named("schema", text -> {
            try {
                String wrong = compiled.validate(Json.parse(text)).stream()
                        .limit(SHOWN)
                        .map(each -> "at '" + each.pointer() + "', " + each.message())
                        .collect(Collectors.joining("; "));
                return wrong.isEmpty() ? Verdict.PASS : new Verdict.Retry(wrong);
            } catch (JsonException e) {
                return new Verdict.Retry("it is no JSON");
            }
        });
    }

    // ---------------------------------------------------------------- from JSON

    /**
     * The guardrails of a list, each an object with {@code type}: {@code length} ({@code max}), {@code secrets}, {@code personalData},
     * {@code deny} ({@code patterns}, {@code verdict}), {@code allow} ({@code patterns}), {@code schema} ({@code schema}).
     *
     * @throws IllegalArgumentException if one is none
     */
    public static List<Guardrail> of(JsonArray list) {
        return list.stream().map(Guardrails::one).toList();
    }

    private static final Map<String, Set<String>> FIELDS = Map.of(
            "length", Set.of("max"),
            "secrets", Set.of(),
            "personalData", Set.of(),
            "deny", Set.of("patterns", "verdict"),
            "allow", Set.of("patterns"),
            "schema", Set.of("schema"));

    private static Guardrail one(@Nullable Object value) {
        JsonObject json = value instanceof JsonObject object ? object : JsonObject.EMPTY;
        String type = Json.toText(json.get("type"));
        Set<String> fields = FIELDS.get(type);
        if (fields == null) {
            throw wrong("its 'type' is one of length, secrets, personalData, deny, allow and schema, found "
                    + Json.write(json.get("type")));
        }
        for (String field : json.keySet()) {
            if (!field.equals("type") && !fields.contains(field)) {
                throw wrong("'" + type + "' has no field '" + field + "'");
            }
        }
        return switch (type) {
            case "length" -> length(max(json));
            case "secrets" -> secrets();
            case "personalData" -> personalData();
            case "deny" ->
                deny(patterns(json), json.get("verdict") == null ? "fail" : Json.toText(json.get("verdict")));
            case "allow" -> allow(patterns(json));
            default -> schema(Json.object(json.get("schema")));
        };
    }

    private static int max(JsonObject json) {
        if (json.get("max") instanceof Long most && most > 0 && most <= Integer.MAX_VALUE) {
            return most.intValue();
        }
        throw wrong("'max' of 'length' is a whole number from 1, found " + Json.write(json.get("max")));
    }

    private static List<String> patterns(JsonObject json) {
        if (json.get("patterns") instanceof JsonArray list && !list.isEmpty()) {
            return list.stream().map(Json::toText).toList();
        }
        throw wrong("'patterns' is a list of regular expressions, found " + Json.write(json.get("patterns")));
    }

    /** By RE2, whose time is bounded by the text, because whoever writes a workflow writes them. */
    private static List<com.google.re2j.Pattern> compiled(List<String> patterns) {
        List<com.google.re2j.Pattern> compiled = new ArrayList<>();
        for (String pattern : patterns) {
            try {
                compiled.add(com.google.re2j.Pattern.compile(pattern));
            } catch (com.google.re2j.PatternSyntaxException e) {
                throw wrong("'" + pattern + "' is no regular expression: " + e.getDescription());
            }
        }
        return compiled;
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("Cannot read a guardrail: " + why);
    }

    // ---------------------------------------------------------------- texts

    private static boolean any(String text, List<com.google.re2j.Pattern> patterns) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
    }

    private static Verdict without(String text, List<com.google.re2j.Pattern> patterns) {
        String rest = text;
        for (com.google.re2j.Pattern pattern : patterns) {
            rest = pattern.matcher(rest).replaceAll(MASK);
        }
        return rest.equals(text) ? Verdict.PASS : new Verdict.Redact(rest);
    }

    private static Verdict withoutSecrets(String text) {
        String rest = text;
        for (Pattern pattern : SECRETS) {
            rest = replaced(rest, pattern, found -> true);
        }
        return rest.equals(text) ? Verdict.PASS : new Verdict.Redact(rest);
    }

    private static String replaced(String text, Pattern pattern, Predicate<String> counts) {
        return pattern.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(counts.test(found.group()) ? MASK : found.group()));
    }

    /** By its check digits (ISO 13616). */
    private static boolean isIban(String text) {
        String plain = text.replace(" ", "");
        String moved = plain.substring(4) + plain.substring(0, 4);
        int rest = 0;
        for (int i = 0; i < moved.length(); i++) {
            int value = Character.digit(moved.charAt(i), 36);
            rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
        }
        return rest == 1;
    }

    /** By its check digit (ISO/IEC 7812-1, Luhn). */
    private static boolean isCard(String text) {
        String digits = text.replaceAll("[ -]", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int twice = digit * 2;
            sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
        }
        return sum % 10 == 0;
    }
}
