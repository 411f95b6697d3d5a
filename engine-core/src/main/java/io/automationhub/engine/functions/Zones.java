package io.automationhub.engine.functions;

import io.automationhub.engine.expression.FunctionCall;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Time zones by their names; UTC without one, never the machine's own. */
final class Zones {

    private Zones() {}

    static ZoneId of(FunctionCall call, int position) {
        if (!call.has(position)) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(call.text(position));
        } catch (DateTimeException e) {
            throw call.failure("'zone' is no time zone; write one such as 'Europe/Berlin' or '+01:00'");
        }
    }
}
