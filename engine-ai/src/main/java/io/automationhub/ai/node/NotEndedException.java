package io.automationhub.ai.node;

import io.automationhub.engine.event.Wake;
import java.util.List;

/** An agent cannot go on before something has ended, for which its node waits without a thread. */
final class NotEndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Wake> wakes;

    NotEndedException(List<Wake> wakes) {
        super(null, null, false, false);
        this.wakes = wakes;
    }

    List<Wake> wakes() {
        return wakes;
    }
}
