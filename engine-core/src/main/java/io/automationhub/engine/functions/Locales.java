package io.automationhub.engine.functions;

import io.automationhub.engine.expression.FunctionCall;
import java.util.IllformedLocaleException;
import java.util.Locale;

/** Locales by their language tags (BCP 47); English without one, never the machine's own. */
final class Locales {

    private Locales() {}

    static Locale of(FunctionCall call, int position) {
        if (!call.has(position)) {
            return Locale.ENGLISH;
        }
        try {
            return new Locale.Builder().setLanguageTag(call.text(position)).build();
        } catch (IllformedLocaleException e) {
            throw call.failure("'locale' is no language tag; write one such as 'de' or 'en-GB'");
        }
    }
}
