package io.automationhub.engine.store;

import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.value.JsonObject;

/** Messages to runs as JSON, in the form in which stores keep them. */
public final class MessageJson {

    private static final FactJson VALUES = new FactJson(0, LargeValues.NONE);

    private MessageJson() {}

    /** A message as JSON. */
    public static JsonObject write(RunMessage message) {
        JsonObject.Builder json = JsonObject.builder();
        if (message instanceof RunMessage.Cancel cancel) {
            json.put("m", "cancel").put("compensate", cancel.compensate());
        } else if (message instanceof RunMessage.Pause pause) {
            json.put("m", pause.paused() ? "pause" : "resume");
        } else if (message instanceof RunMessage.Signal signal) {
            json.put("m", "signal").put("by", VALUES.woken(signal.signal()));
        } else if (message instanceof RunMessage.KeyedSignal signal) {
            json.put("m", "keyed").put("n", signal.node()).put("i", signal.iteration());
            json.put("key", signal.key()).put("by", VALUES.woken(signal.signal()));
        } else if (message instanceof RunMessage.Completion completion) {
            json.put("m", "complete").put("name", completion.name()).put("value", completion.value());
        } else if (message instanceof RunMessage.Decision decision) {
            json.put("m", "decide").put("n", decision.node()).put("i", decision.iteration());
            json.put("name", decision.name()).put("decision", decision.decision());
        } else if (message instanceof RunMessage.Admitted) {
            json.put("m", "admit");
        } else if (message instanceof RunMessage.ChildEnded ended) {
            json.put("m", "child").put("by", VALUES.woken(ended.child()));
        }
        return json.build();
    }

    /**
     * The message that {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is none, or one of a newer engine
     */
    public static RunMessage read(JsonObject json) {
        String type = String.valueOf(json.get("m"));
        return switch (type) {
            case "cancel" -> new RunMessage.Cancel(Boolean.TRUE.equals(json.get("compensate")));
            case "pause" -> new RunMessage.Pause(true);
            case "resume" -> new RunMessage.Pause(false);
            case "signal" -> new RunMessage.Signal((Woken.BySignal) by(json));
            case "keyed" ->
                new RunMessage.KeyedSignal(
                        text(json, "n"), text(json, "i"), text(json, "key"), (Woken.BySignal) by(json));
            case "complete" -> new RunMessage.Completion(text(json, "name"), json.get("value"));
            case "decide" ->
                new RunMessage.Decision(
                        text(json, "n"),
                        text(json, "i"),
                        text(json, "name"),
                        json.get("decision") instanceof JsonObject decision ? decision : JsonObject.EMPTY);
            case "admit" -> new RunMessage.Admitted();
            case "child" -> new RunMessage.ChildEnded((Woken.ByChild) by(json));
            default ->
                throw new IllegalArgumentException("'" + type
                        + "' is no message that this engine knows; a newer one wrote it, so upgrade this one");
        };
    }

    private static Woken by(JsonObject json) {
        return VALUES.readWoken(json.get("by") instanceof JsonObject by ? by : JsonObject.EMPTY);
    }

    private static String text(JsonObject json, String key) {
        return String.valueOf(json.get(key));
    }
}
