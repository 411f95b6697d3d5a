package io.automationhub.connectors.webhook;

/** A call that starts nothing. */
final class RefusedCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient WebhookAnswer answer;

    RefusedCallException(int status, String error, String message) {
        this(WebhookAnswer.problem(status, error, message), message);
    }

    RefusedCallException(WebhookAnswer answer, String message) {
        super(message, null, false, false);
        this.answer = answer;
    }

    WebhookAnswer answer() {
        return answer;
    }
}
