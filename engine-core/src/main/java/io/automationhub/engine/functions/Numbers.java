package io.automationhub.engine.functions;

import java.math.BigDecimal;

/** What functions make of their results. */
final class Numbers {

    private Numbers() {}

    /** A whole number as an integer, any other as it is. */
    static Number tidy(BigDecimal number) {
        boolean whole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
        return whole && number.precision() - (long) number.scale() <= 400 ? number.toBigInteger() : number;
    }
}
