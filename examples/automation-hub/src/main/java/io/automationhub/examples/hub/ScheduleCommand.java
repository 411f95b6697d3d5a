package io.automationhub.examples.hub;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.schedule.BusinessCalendar;
import io.automationhub.engine.schedule.CalendarRule;
import io.automationhub.engine.schedule.FireTimes;
import io.automationhub.engine.schedule.PlannedFiring;
import io.automationhub.engine.schedule.ScheduleConfig;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.schedule.Timing;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import io.automationhub.engine.workflow.WorkflowNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code schedule}: what has to do with when workflows run by themselves. */
@Command(
        name = "schedule",
        description = "Shows when workflows run by themselves.",
        mixinStandardHelpOptions = true,
        subcommands = ScheduleCommand.Preview.class)
final class ScheduleCommand implements Callable<Integer> {

    private static final int MOST = 10_000;

    /** With the day of the week, which is what people look for. */
    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm:ss", Locale.ENGLISH);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return HubCommand.INVALID;
    }

    /** A rule, and where it stands. */
    private record Scheduled(@Nullable String trigger, String name, boolean enabled, ScheduleRule rule) {}

    /**
     * {@code schedule preview FILE}: prints the next firings of a workflow's schedules, or of a schedule by itself, with the reason
     * for each that is skipped or shifted.
     */
    @Command(
            name = "preview",
            description =
                    "Prints the next firings of the schedules in a file, with the reason for each that is skipped or"
                            + " shifted. The file is a workflow with a trigger.schedule, or the configuration of such a trigger by"
                            + " itself. Exit code: 0 fires, 2 invalid.",
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init") // picocli sets the fields.
    static final class Preview implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The workflow file, or the file of a schedule.")
        private Path file;

        @Option(
                names = "--count",
                paramLabel = "N",
                description = "How many firings of each schedule; ${DEFAULT-VALUE} if not given.")
        private int count = 10;

        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "Firings after this time: 2026-12-24T18:00 in UTC, or with an offset; now if not given.")
        private @Nullable String from;

        @Option(
                names = "--calendar",
                paramLabel = "NAME=FILE",
                description = "An iCalendar file whose days the schedule closes as {\"calendar\": \"NAME\"}.")
        private Map<String, Path> calendarFiles = new HashMap<>();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            if (count < 1 || count > MOST) {
                throw new IllegalArgumentException("--count is 1 to " + MOST + ", found " + count);
            }
            Instant after = from == null ? Instant.now() : instant(from);
            Map<String, BusinessCalendar> calendars = calendars();
            List<Problem> problems = new ArrayList<>();
            List<Scheduled> all = read(problems);
            for (Scheduled each : all) {
                problems.addAll(ScheduleConfig.problems(each.rule(), after, calendars, each.trigger()));
            }
            if (!problems.isEmpty()) {
                out.println(Json.writePretty(HubCommand.invalid(problems)));
                return HubCommand.INVALID;
            }
            if (json) {
                List<JsonObject> shown =
                        all.stream().map(each -> json(each, after, calendars)).toList();
                out.println(Json.writePretty(Json.of(shown)));
            } else {
                all.forEach(each -> print(out, each, after, calendars));
            }
            return HubCommand.OK;
        }

        private static Instant instant(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                return utc(text);
            }
        }

        private static Instant utc(String text) {
            try {
                return LocalDateTime.parse(text.length() == 10 ? text + "T00:00" : text)
                        .toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "--from is a time such as 2026-12-24T18:00:00Z, found '" + text + "'", e);
            }
        }

        private static String text(Path from) {
            try {
                return Files.readString(from);
            } catch (NoSuchFileException e) {
                throw new IllegalArgumentException("There is no file '" + from + "'", e);
            } catch (IOException e) {
                throw new IllegalArgumentException("Cannot read '" + from + "' as a text: " + e.getMessage(), e);
            }
        }

        private Map<String, BusinessCalendar> calendars() {
            Map<String, BusinessCalendar> calendars = new HashMap<>();
            for (Map.Entry<String, Path> each : calendarFiles.entrySet()) {
                calendars.put(each.getKey(), new CalendarRule.ICalendar(text(each.getValue())).calendar(Map.of()));
            }
            return calendars;
        }

        // ------------------------------------------------------------ reading

        private List<Scheduled> read(List<Problem> problems) {
            JsonObject content = content();
            if (!content.containsKey("nodes")) {
                return scheduled(null, "", content, problems);
            }
            List<Scheduled> all = new ArrayList<>();
            try {
                Workflow workflow = WorkflowJson.read(file);
                List<WorkflowNode> triggers = ScheduleTrigger.nodes(workflow);
                triggers.forEach(node -> all.addAll(
                        scheduled(node.id(), ScheduleTrigger.id(workflow.id(), node.id()), node.config(), problems)));
                if (triggers.isEmpty()) {
                    problems.add(Problem.of(
                            ProblemCode.INVALID_CONFIG,
                            "/nodes",
                            null,
                            "The workflow has no trigger.schedule, so it does not run by itself",
                            "give it a node of that type"));
                }
            } catch (InvalidWorkflowException e) {
                problems.addAll(e.problems());
            }
            return all;
        }

        private JsonObject content() {
            try {
                if (Json.parse(text(file)) instanceof JsonObject object) {
                    return object;
                }
            } catch (JsonException e) {
                throw new IllegalArgumentException("'" + file + "' is no JSON: " + e.getMessage(), e);
            }
            throw new IllegalArgumentException("'" + file + "' has no JSON object; it is a workflow or a schedule");
        }

        private static List<Scheduled> scheduled(
                @Nullable String trigger, String id, JsonObject config, List<Problem> problems) {
            ScheduleConfig.Reading reading = ScheduleConfig.read(ScheduleTrigger.rule(config), trigger);
            problems.addAll(reading.problems());
            return reading.rule() == null
                    ? List.of()
                    : List.of(new Scheduled(
                            trigger,
                            FireTimes.name(WorkflowEngine.DEFAULT_TENANT, id),
                            !Boolean.FALSE.equals(config.get("enabled")),
                            reading.rule()));
        }

        // ------------------------------------------------------------ printing

        private List<PlannedFiring> firings(Scheduled each, Instant after, Map<String, BusinessCalendar> calendars) {
            return FireTimes.of(each.rule(), after, calendars, each.name()).preview(after, count);
        }

        private JsonObject json(Scheduled each, Instant after, Map<String, BusinessCalendar> calendars) {
            return JsonObject.builder()
                    .put("trigger", each.trigger())
                    .put("enabled", each.enabled())
                    .put("description", each.rule().description(calendars))
                    .put("zone", each.rule().zone().getId())
                    .put(
                            "firings",
                            firings(each, after, calendars).stream()
                                    .map(firing -> json(each.rule(), firing))
                                    .toList())
                    .build();
        }

        private static JsonObject json(ScheduleRule rule, PlannedFiring firing) {
            Instant at = firing.at();
            return JsonObject.builder()
                    .put("outcome", firing.outcome().text())
                    .put("planned", firing.planned().toString())
                    .put("at", at == null ? null : at.toString())
                    .put(
                            "local",
                            at == null
                                    ? null
                                    : at.atZone(rule.zone()).toOffsetDateTime().toString())
                    .put("times", firing.times())
                    .put("reason", firing.reason())
                    .build();
        }

        private void print(PrintWriter out, Scheduled each, Instant after, Map<String, BusinessCalendar> calendars) {
            out.println((each.trigger() == null ? "" : each.trigger() + ": ")
                    + each.rule().description(calendars)
                    + (each.enabled() ? "" : " (not enabled)"));
            if (each.rule().timing() instanceof Timing.After) {
                out.println("  no planned times: it fires when these runs end");
            }
            for (PlannedFiring firing : firings(each, after, calendars)) {
                out.println("  " + line(each.rule(), firing));
            }
        }

        private static String line(ScheduleRule rule, PlannedFiring firing) {
            String planned = SHOWN.format(firing.planned());
            String times = firing.times() == 1 ? "" : " and " + (firing.times() - 1) + " more";
            return switch (firing.outcome()) {
                case SKIPPED -> planned + "  skipped" + times + ": " + firing.reason();
                case SHIFTED -> shown(rule, firing) + "  instead of " + planned + ": " + firing.reason();
                case FIRES -> shown(rule, firing) + (firing.reason().isEmpty() ? "" : "  " + firing.reason());
            };
        }

        private static String shown(ScheduleRule rule, PlannedFiring firing) {
            Instant at = Objects.requireNonNull(firing.at());
            return SHOWN.format(at.atZone(rule.zone())) + " "
                    + rule.zone().getRules().getOffset(at);
        }
    }
}
