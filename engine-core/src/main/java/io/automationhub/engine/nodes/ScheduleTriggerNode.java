package io.automationhub.engine.nodes;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.schedule.ScheduleConfig;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/**
 * {@code trigger.schedule}: a run begins here when the schedule says so that the trigger has in its configuration. Publishing the
 * workflow is all it takes. It passes the run's input on.
 */
final class ScheduleTriggerNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Schedule",
                "trigger",
                "A run begins here at the times of a schedule.",
                "calendar-clock",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'x-content': 'literal',
                     'examples': [{'cron': '0 9 * * MON-FRI', 'dialect': 'unix', 'zone': 'Europe/Berlin', 'calendars': ['DE-BY']},
                       {'every': '15m', 'whileRunning': 'skip'},
                       {'at': '2030-12-24T18:00', 'zone': 'Europe/Berlin', 'input': {'greeting': 'Merry Christmas'}}],
                     'properties': {
                       'cron': {'type': 'string', 'description': 'Times as a cron expression, in the dialect that is named beside it.'},
                       'dialect': {'type': 'string', 'description': 'unix (5 fields), quartz (6 or 7) or spring (6).'},
                       'every': {'type': ['string', 'object'], 'x-format': 'duration', 'description': 'Again and again after so long: 5m, PT5M, or an object of duration and unit.'},
                       'countFrom': {'type': 'string', 'description': 'Whether an interval counts from the start of a firing (start, the default) or from the end of its run (end).'},
                       'at': {'type': ['string', 'array'], 'items': {'type': 'string'}, 'description': 'One time or a list: 2030-12-24T18:00 on the clock of the zone, or with an offset.'},
                       'after': {'type': ['string', 'array', 'object'], 'description': 'When runs of other workflows end: a workflow, a list of which all must have succeeded, or an object with workflows, need (all or any), on (success or completion) and within (how long a run counts).'},
                       'zone': {'type': 'string', 'description': 'The time zone, such as Europe/Berlin; UTC unless it is named.'},
                       'daylightSaving': {'type': 'object', 'description': 'What becomes of times that a change of the clock leaves out (gap: skip or shift) or has twice (overlap: first, second or both). Unless it is said, shift and first; where the expression fires in every hour, skip and both.'},
                       'from': {'type': 'string', 'description': 'No firing before.'},
                       'until': {'type': 'string', 'description': 'No firing then or later.'},
                       'calendars': {'type': ['string', 'object', 'array'], 'description': 'Days that are closed: weekends, public holidays such as DE or DE-BY, or objects with one of holidays (and region), weekdays, dates (and name), ical (the text of a file), calendar (one that the host has made known).'},
                       'closedDays': {'type': 'string', 'description': 'What becomes of a firing on a closed day: skip, previous or next (open day).'},
                       'misfire': {'type': ['string', 'object'], 'description': 'What becomes of firings that no process was there for: once, skip, or an object with backfill (how many of the last ones) and tolerance.'},
                       'whileRunning': {'type': 'string', 'description': 'What becomes of a firing while the run before goes on: allow, skip, queue or cancel.'},
                       'spread': {'type': ['string', 'object'], 'description': 'Moves all firings into the slot of this schedule: the window, or an object with window and slots.'},
                       'cheapest': {'type': 'object', 'description': 'Moves each firing to when it is cheapest: within (how much later it may be), and a curve of prices from instants (prices) or times of day (daily) on.'},
                       'capacity': {'type': 'object', 'description': 'Holds a firing back while too much is in use: below (places of the limit that is named, or the share of its runs that a process may have), and latest (the longest it waits).'},
                       'jitter': {'type': ['string', 'object'], 'x-format': 'duration', 'description': 'Firings of different schedules are apart by up to so much.'},
                       'enabled': {'type': 'boolean', 'description': 'Whether it fires; it does unless it is false.'},
                       'input': {'description': 'The input of each run; unless it is given, the id of the schedule and when the firing was planned.'}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return ScheduleConfig.read(ScheduleTrigger.rule(node.config()), node.id())
                .problems();
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return previous;
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        return NodeResult.completed(context.previous());
    }
}
