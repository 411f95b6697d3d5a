package io.automationhub.engine.store;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.Compensation;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Facts as JSON, in the form in which stores keep them. It is part of what a newer engine must read: fields are added, never
 * changed. What is null, empty or usual is left out; times are microseconds since the start of the run, but for the start
 * itself, which has those since 1970. A fact without a time happened when the one before it did. One without a type is the
 * start of the run, which has a seed, the beginning of a node, which has its name as {@code b}, or the end of a node run. An object writes or reads the facts of one row after the other, by one thread.
 */
public final class FactJson {

    /** The type of facts that do not name theirs, because most are of it. */
    private static final String NODE_ENDED = "node";

    /** What only a beginning of a node has, which names the node. */
    private static final String BEGINS = "b";

    /** What only the start of a run has. */
    private static final String RUN_STARTED = "seed";

    private final long start;
    private final LargeValues large;

    /** The time of the fact that was written or read last. */
    private @Nullable Long last;

    /**
     * For the facts of one run.
     *
     * @param startMicros when the run began, in microseconds since 1970
     * @param large keeps what is too large
     */
    public FactJson(long startMicros, LargeValues large) {
        this.start = startMicros;
        this.large = large;
    }

    // ---------------------------------------------------------------- writing

    /** A fact as JSON. */
    public JsonObject write(ExecutionFact fact) {
        Fields to = new Fields();
        if (fact instanceof ExecutionFact.RunStarted started) {
            write(to, started);
            return to.build();
        }
        if (fact instanceof ExecutionFact.AttemptStarted f) {
            to.begin(f.node(), f.at()).iteration(f.iteration()).attempt(f.attempt());
            to.object("config", f.config());
        } else if (fact instanceof ExecutionFact.AttemptFailed f) {
            to.type("retry", f.at()).place(f.node(), f.iteration()).attempt(f.attempt());
            to.error(f.error()).at("retryAt", f.retryAt());
        } else if (fact instanceof ExecutionFact.NodeSuspended f) {
            to.type("wait", f.at()).place(f.node(), f.iteration()).attempt(f.attempt());
            to.object("config", f.config()).put("wakes", array(f.wakes(), this::wake));
        } else if (fact instanceof ExecutionFact.NodeWoken f) {
            to.type("woken", f.at()).place(f.node(), f.iteration()).put("by", woken(f.by()));
        } else if (fact instanceof ExecutionFact.SignalKept f) {
            to.type("signal", f.at()).put("id", f.id()).put("name", f.name());
            to.value("data", f.data());
        } else if (fact instanceof ExecutionFact.OnceStored f) {
            to.type("once", f.at()).place(f.node(), f.iteration()).put("name", f.name());
            to.value("value", f.value());
        } else if (fact instanceof ExecutionFact.CompletionKept f) {
            to.type("completion", f.at()).put("name", f.name());
            to.value("value", f.value());
        } else if (fact instanceof ExecutionFact.NodeEnded f) {
            write(to, f);
        } else if (fact instanceof ExecutionFact.IterationEnded f) {
            to.type("iteration", f.at()).place(f.node(), f.iteration());
            to.status(f.status()).error(f.error()).value("o", f.output());
        } else if (fact instanceof ExecutionFact.RunAdmitted f) {
            to.type("admitted", f.at());
        } else if (fact instanceof ExecutionFact.RunPaused f) {
            to.type("paused", f.at());
        } else if (fact instanceof ExecutionFact.RunResumed f) {
            to.type("resumed", f.at());
        } else if (fact instanceof ExecutionFact.RunEnding f) {
            to.type("ending", f.at()).status(f.status()).put("stop", f.stop()).error(f.error());
            to.flag("compensate", f.compensate());
        } else if (fact instanceof ExecutionFact.CompensationStarted f) {
            to.type("undo", f.at()).status(f.status()).error(f.error()).value("o", f.output());
        } else if (fact instanceof ExecutionFact.RunEnded f) {
            to.type("end", f.at());
            if (f.status() != ExecutionStatus.SUCCEEDED) {
                to.status(f.status());
            }
            to.error(f.error()).value("o", f.output());
            to.put("compensation", f.compensation() == null ? null : text(f.compensation()));
        }
        return to.build();
    }

    private void write(Fields to, ExecutionFact.RunStarted f) {
        to.put("t", micros(f.at())).put("trigger", f.trigger());
        to.value("input", f.input());
        to.object("variables", f.variables()).put(RUN_STARTED, f.seed()).put("key", f.key());
        to.put("priority", f.priority() == 0 ? null : f.priority());
        to.put("deadline", f.deadline() == null ? null : micros(f.deadline()));
        to.flag("queued", f.queued());
        to.put("part", f.part() == null ? null : part(f.part()));
        to.put("origin", f.origin() == null ? null : origin(f.origin()));
        to.put("tags", f.tags().isEmpty() ? null : JsonArray.of(f.tags().toArray()));
    }

    private void write(Fields to, ExecutionFact.NodeEnded f) {
        to.type(NODE_ENDED, f.at()).place(f.node(), f.iteration()).attempt(f.attempt());
        if (f.status() != NodeStatus.SUCCEEDED) {
            to.put("status", f.status().text());
        }
        to.put("d", f.startedAt() == null ? null : micros(f.at()) - micros(f.startedAt()));
        if (!isUsual(f.handles(), f.status())) {
            to.put("handles", JsonArray.of(f.handles().toArray()));
        }
        to.error(f.error()).object("variables", f.variables()).value("o", f.output());
        Compensation undo = f.compensation();
        if (undo != null) {
            Fields inner = new Fields();
            inner.put("handler", undo.handler()).error(undo.error());
            inner.value("config", undo.config());
            to.put("undo", inner.build());
        }
    }

    private static boolean isUsual(List<String> handles, NodeStatus status) {
        return status == NodeStatus.SUCCEEDED ? handles.equals(List.of("out")) : handles.isEmpty();
    }

    /** What a node waits for, as JSON. */
    JsonObject wake(Wake wake) {
        Fields to = new Fields();
        if (wake instanceof Wake.At at) {
            to.at("at", at.instant());
        } else if (wake instanceof Wake.Completion completion) {
            to.put("completion", completion.name()).put("request", completion.request());
        } else if (wake instanceof Wake.Signal signal) {
            to.put("signal", signal.name()).put("key", signal.key());
        } else if (wake instanceof Wake.Child child) {
            to.put("child", child.execution()).put("workflow", child.workflow()).put("version", child.version());
            to.value("input", child.input());
        } else if (wake instanceof Wake.Iterations all) {
            to.put("iterations", all.name()).flag("failFast", all.failFast());
            to.put(
                    "runs",
                    array(
                            all.runs(),
                            run -> new Fields()
                                    .put("execution", run.execution())
                                    .put("part", part(run.part()))
                                    .build()));
        }
        return to.build();
    }

    /** What ended a wait, as JSON. */
    JsonObject woken(Woken woken) {
        Fields to = new Fields();
        if (woken instanceof Woken.ByCompletion completion) {
            to.put("completion", completion.name()).value("value", completion.value());
        } else if (woken instanceof Woken.BySignal signal) {
            to.put("signal", signal.name()).put("id", signal.id()).value("data", signal.data());
        } else if (woken instanceof Woken.ByChild child) {
            to.put("child", child.execution()).status(child.status());
            to.error(child.error()).value("o", child.output());
        } else if (woken instanceof Woken.ByIterations all) {
            to.put("iterations", all.name());
            to.put("ended", array(all.ended(), ended -> woken(ended.run()).with("index", ended.index())));
        }
        return to.build();
    }

    private JsonObject part(GroupPart part) {
        return new Fields()
                .put("group", part.group())
                .put("index", part.index())
                .value("item", part.item())
                .value("captured", part.captured())
                .build();
    }

    private static JsonObject origin(RunOrigin origin) {
        return JsonObject.builder()
                .put("kind", text(origin.kind()))
                .put("execution", origin.execution())
                .putIfPresent("node", origin.node())
                .putIfPresent("iteration", origin.iteration().isEmpty() ? null : origin.iteration())
                .put("depth", origin.depth())
                .build();
    }

    private static <T> JsonArray array(List<T> all, java.util.function.Function<T, JsonObject> write) {
        return JsonArray.of(all.stream().map(write).toArray());
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static long micros(Instant instant) {
        return Micros.of(instant);
    }

    /** An object in the making. */
    private final class Fields {

        private final JsonObject.Builder json = JsonObject.builder();

        Fields type(String type, Instant at) {
            if (!type.equals(NODE_ENDED)) {
                json.put("f", type);
            }
            return time(at);
        }

        /** By far the most of the facts are beginnings and ends of nodes, so these do without a type. */
        Fields begin(String node, Instant at) {
            json.put(BEGINS, node);
            return time(at);
        }

        private Fields time(Instant at) {
            Long time = micros(at) - start;
            if (!time.equals(last)) {
                json.put("t", time);
                last = time;
            }
            return this;
        }

        Fields place(String node, String iteration) {
            json.put("n", node);
            return iteration(iteration);
        }

        Fields iteration(String iteration) {
            return iteration.isEmpty() ? this : put("i", iteration);
        }

        Fields attempt(int attempt) {
            return attempt == 1 ? this : put("attempt", attempt);
        }

        Fields status(ExecutionStatus status) {
            return put("status", status.text());
        }

        Fields error(@Nullable ExecutionError error) {
            return error == null ? this : value("error", error.toJson());
        }

        Fields at(String key, @Nullable Instant at) {
            return at == null ? this : put(key, micros(at) - start);
        }

        Fields flag(String key, boolean set) {
            return set ? put(key, true) : this;
        }

        Fields object(String key, JsonObject object) {
            return object.isEmpty() ? this : value(key, object);
        }

        Fields put(String key, @Nullable Object value) {
            json.putIfPresent(key, value);
            return this;
        }

        Fields value(String key, @Nullable Object value) {
            String reference = value == null ? null : large.put(value);
            return reference == null ? put(key, value) : put(key + "#", reference);
        }

        JsonObject build() {
            return json.build();
        }
    }

    // ---------------------------------------------------------------- reading

    /**
     * The fact that {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is none, or one of a newer engine
     */
    public ExecutionFact read(JsonObject json) {
        String type = type(json);
        if (json.get("t") instanceof Long time) {
            last = time;
        }
        Instant at = Micros.instant(start + (last == null ? 0 : last));
        return switch (type) {
            case RUN_STARTED -> runStarted(json);
            case BEGINS ->
                new ExecutionFact.AttemptStarted(
                        at, text(json, BEGINS), iteration(json), attempt(json), object(json, "config"));
            case "retry" ->
                new ExecutionFact.AttemptFailed(
                        at, node(json), iteration(json), attempt(json), needed(error(json)), at(json, "retryAt"));
            case "wait" ->
                new ExecutionFact.NodeSuspended(
                        at, node(json), iteration(json), attempt(json), object(json, "config"), wakes(json));
            case "woken" -> new ExecutionFact.NodeWoken(at, node(json), iteration(json), readWoken(object(json, "by")));
            case "signal" ->
                new ExecutionFact.SignalKept(at, text(json, "id"), text(json, "name"), value(json, "data"));
            case "once" ->
                new ExecutionFact.OnceStored(at, node(json), iteration(json), text(json, "name"), value(json, "value"));
            case "completion" -> new ExecutionFact.CompletionKept(at, text(json, "name"), value(json, "value"));
            case NODE_ENDED -> nodeEnded(json, at);
            case "iteration" ->
                new ExecutionFact.IterationEnded(
                        at, node(json), iteration(json), status(json), value(json, "o"), error(json));
            case "admitted" -> new ExecutionFact.RunAdmitted(at);
            case "paused" -> new ExecutionFact.RunPaused(at);
            case "resumed" -> new ExecutionFact.RunResumed(at);
            case "ending" ->
                new ExecutionFact.RunEnding(
                        at, status(json), textOrNull(json, "stop"), error(json), json.get("compensate") != null);
            case "undo" -> new ExecutionFact.CompensationStarted(at, status(json), value(json, "o"), error(json));
            case "end" ->
                new ExecutionFact.RunEnded(
                        at,
                        json.get("status") == null ? ExecutionStatus.SUCCEEDED : status(json),
                        value(json, "o"),
                        error(json),
                        compensationStatus(json));
            default ->
                throw new IllegalArgumentException(
                        "'" + type + "' is no fact that this engine knows; a newer one wrote it, so upgrade this one");
        };
    }

    private static String type(JsonObject json) {
        if (json.get("f") instanceof String named) {
            return named;
        }
        return json.containsKey(BEGINS) ? BEGINS : json.containsKey(RUN_STARTED) ? RUN_STARTED : NODE_ENDED;
    }

    private ExecutionFact runStarted(JsonObject json) {
        JsonObject part = json.get("part") instanceof JsonObject known ? known : null;
        JsonObject origin = json.get("origin") instanceof JsonObject known ? known : null;
        Object deadline = json.get("deadline");
        return new ExecutionFact.RunStarted(
                Micros.instant(number(json, "t")),
                textOrNull(json, "trigger"),
                value(json, "input"),
                object(json, "variables"),
                number(json, RUN_STARTED),
                textOrNull(json, "key"),
                json.get("priority") == null ? 0 : (int) number(json, "priority"),
                deadline == null ? null : Micros.instant((Long) deadline),
                json.get("queued") != null,
                part == null ? null : part(part),
                origin == null ? null : origin(origin),
                json.get("tags") instanceof JsonArray tags
                        ? tags.stream().map(String::valueOf).toList()
                        : List.of());
    }

    private ExecutionFact nodeEnded(JsonObject json, Instant at) {
        String named = textOrNull(json, "status");
        NodeStatus status = named == null ? NodeStatus.SUCCEEDED : NodeStatus.valueOf(named.toUpperCase(Locale.ROOT));
        List<String> usual = status == NodeStatus.SUCCEEDED ? List.of("out") : List.of();
        JsonObject undo = json.get("undo") instanceof JsonObject known ? known : null;
        return new ExecutionFact.NodeEnded(
                at,
                node(json),
                iteration(json),
                attempt(json),
                status,
                json.get("d") == null ? null : Micros.instant(Micros.of(at) - number(json, "d")),
                json.get("handles") instanceof JsonArray handles
                        ? handles.stream().map(String::valueOf).toList()
                        : usual,
                value(json, "o"),
                error(json),
                object(json, "variables"),
                undo == null
                        ? null
                        : new Compensation(text(undo, "handler"), (JsonObject) value(undo, "config"), error(undo)));
    }

    private List<Wake> wakes(JsonObject json) {
        List<Wake> wakes = new ArrayList<>();
        for (JsonObject wake : objects(json, "wakes")) {
            wakes.add(readWake(wake));
        }
        return wakes;
    }

    private Wake readWake(JsonObject json) {
        if (json.containsKey("at")) {
            return new Wake.At(at(json, "at"));
        }
        if (json.containsKey("completion")) {
            return new Wake.Completion(
                    text(json, "completion"), json.get("request") instanceof JsonObject asked ? asked : null);
        }
        if (json.containsKey("signal")) {
            return new Wake.Signal(text(json, "signal"), textOrNull(json, "key"));
        }
        if (json.containsKey("child")) {
            return new Wake.Child(
                    text(json, "child"), text(json, "workflow"), (int) number(json, "version"), value(json, "input"));
        }
        if (json.containsKey("iterations")) {
            List<Wake.Iteration> runs = new ArrayList<>();
            for (JsonObject run : objects(json, "runs")) {
                runs.add(new Wake.Iteration(text(run, "execution"), part(object(run, "part"))));
            }
            return new Wake.Iterations(text(json, "iterations"), runs, json.get("failFast") != null);
        }
        throw new IllegalArgumentException("This engine knows no wait like " + json + "; upgrade it");
    }

    /** What ended a wait. */
    Woken readWoken(JsonObject json) {
        if (json.isEmpty()) {
            return new Woken.ByTime();
        }
        if (json.containsKey("completion")) {
            return new Woken.ByCompletion(text(json, "completion"), value(json, "value"));
        }
        if (json.containsKey("signal")) {
            return new Woken.BySignal(text(json, "signal"), text(json, "id"), value(json, "data"));
        }
        if (json.containsKey("child")) {
            return child(json);
        }
        if (json.containsKey("iterations")) {
            List<Woken.EndedIteration> all = new ArrayList<>();
            for (JsonObject ended : objects(json, "ended")) {
                all.add(new Woken.EndedIteration((int) number(ended, "index"), child(ended)));
            }
            return new Woken.ByIterations(text(json, "iterations"), all);
        }
        throw new IllegalArgumentException("This engine knows no end of a wait like " + json + "; upgrade it");
    }

    private Woken.ByChild child(JsonObject json) {
        return new Woken.ByChild(text(json, "child"), status(json), value(json, "o"), error(json));
    }

    private GroupPart part(JsonObject json) {
        return new GroupPart(
                text(json, "group"),
                (int) number(json, "index"),
                value(json, "item"),
                value(json, "captured") instanceof JsonArray captured ? captured : JsonArray.of());
    }

    private static RunOrigin origin(JsonObject json) {
        String iteration = textOrNull(json, "iteration");
        return new RunOrigin(
                RunOrigin.Kind.valueOf(text(json, "kind").toUpperCase(Locale.ROOT)),
                text(json, "execution"),
                textOrNull(json, "node"),
                iteration == null ? "" : iteration,
                (int) number(json, "depth"));
    }

    private static Compensation.@Nullable Status compensationStatus(JsonObject json) {
        String text = textOrNull(json, "compensation");
        return text == null ? null : Compensation.Status.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private @Nullable Object value(JsonObject json, String key) {
        Object reference = json.get(key + "#");
        return reference == null ? json.get(key) : large.get(reference.toString());
    }

    private JsonObject object(JsonObject json, String key) {
        return value(json, key) instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    private @Nullable ExecutionError error(JsonObject json) {
        return value(json, "error") instanceof JsonObject error ? ExecutionError.fromJson(error) : null;
    }

    private static ExecutionError needed(@Nullable ExecutionError error) {
        return error == null ? ExecutionError.of(ExecutionError.KIND_ERROR, "The error was not kept", null) : error;
    }

    private static List<JsonObject> objects(JsonObject json, String key) {
        List<JsonObject> all = new ArrayList<>();
        if (json.get(key) instanceof JsonArray array) {
            array.forEach(each -> all.add((JsonObject) each));
        }
        return all;
    }

    private static String node(JsonObject json) {
        return text(json, "n");
    }

    private static String iteration(JsonObject json) {
        String iteration = textOrNull(json, "i");
        return iteration == null ? "" : iteration;
    }

    private static int attempt(JsonObject json) {
        return json.get("attempt") == null ? 1 : (int) number(json, "attempt");
    }

    private static ExecutionStatus status(JsonObject json) {
        return ExecutionStatus.valueOf(text(json, "status").toUpperCase(Locale.ROOT));
    }

    private static String text(JsonObject json, String key) {
        if (json.get(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("A stored fact lacks the text '" + key + "'");
    }

    private static @Nullable String textOrNull(JsonObject json, String key) {
        return json.get(key) instanceof String text ? text : null;
    }

    private static long number(JsonObject json, String key) {
        if (json.get(key) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("A stored fact lacks the number '" + key + "'");
    }

    private Instant at(JsonObject json, String key) {
        return Micros.instant(start + number(json, key));
    }
}
