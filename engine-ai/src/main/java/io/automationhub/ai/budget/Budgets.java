package io.automationhub.ai.budget;

import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.model.Usage;
import io.automationhub.connectors.connection.Digests;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.DocumentUpdates;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps to budgets. What a request may use at most is reserved before it is sent, and what it used is settled after it; both in a
 * document that all processes share, so that together they never promise more than there is. What a process had reserved that died
 * counts as used. Safe for use by several threads.
 */
public final class Budgets {

    /** The kind of failure of a request that a budget does not allow. */
    public static final String KIND_BUDGET = "budget";

    /** The collection in which it is kept how much was used. */
    public static final String COLLECTION = "model-budgets";

    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

    /** A request that is not settled so long after its own time is over never will be. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final String SPENT = "spent";
    private static final String RESERVED = "reserved";
    private static final String UNTIL = "until";
    private static final String CHANGED = "changed";
    private static final int PAGE = 200;

    /** What is reserved where no budget bounds a request. */
    public static final Reservation NOTHING = new Reservation("");

    private final DocumentStore documents;
    private final DocumentUpdates updates;
    private final List<Budget> always;

    /** @param always budgets to which each request must keep */
    public Budgets(DocumentStore documents, List<Budget> always) {
        this.documents = documents;
        updates = new DocumentUpdates(documents, COLLECTION);
        this.always = List.copyOf(always);
    }

    /**
     * For whom a request is.
     *
     * @param workflow empty if it is for none
     * @param execution empty if it is for none
     * @param node empty if it is for none
     */
    public record Spender(String tenant, String workflow, String execution, String node) {}

    /** What is reserved for a request. To be settled once. */
    public static final class Reservation {

        private final String id = UUID.randomUUID().toString();
        private final String tenant;
        private final List<String> accounts = new ArrayList<>();

        private Reservation(String tenant) {
            this.tenant = tenant;
        }
    }

    /**
     * Reserves what a request may use.
     *
     * @param more budgets beside those to which each request must keep
     * @param most what it may use
     * @param cost of that
     * @param timeout after which it is over
     * @throws NonRetriableException kind {@value #KIND_BUDGET}, if a budget does not allow it, saying which, and when it begins anew
     */
    public Reservation reserve(
            Spender spender, List<Budget> more, Usage most, Cost cost, Duration timeout, Instant now) {
        Reservation made = new Reservation(spender.tenant());
        Amounts asked = Amounts.of(most, cost, Duration.ZERO);
        try {
            for (Budget budget : all(more)) {
                if (budget.amount() != null && cost.amount() == null) {
                    throw refused(
                            budget, "amount", "what the request costs is not known: " + cost.why(), JsonObject.EMPTY);
                }
                reserve(budget, spender, made, asked, now.plus(timeout).plus(GRACE), now);
            }
            return made;
        } catch (RuntimeException e) {
            settle(made, Amounts.NONE, now);
            throw e;
        }
    }

    /** Whether a request has to keep to any budget. */
    public boolean bound(List<Budget> more) {
        return !always.isEmpty() || !more.isEmpty();
    }

    private List<Budget> all(List<Budget> more) {
        List<Budget> all = new ArrayList<>(always);
        all.addAll(more);
        return all;
    }

    private void reserve(Budget budget, Spender spender, Reservation made, Amounts asked, Instant until, Instant now) {
        if (budget.per() == Budget.Per.CALL) {
            check(budget, Amounts.NONE, asked, now);
            return;
        }
        String account = account(budget, spender, now);
        JsonObject unused = updates.update(spender.tenant(), account, known -> {
            JsonObject current = withoutOld(known, now);
            check(budget, used(current), asked, now);
            JsonObject reserved =
                    object(current, RESERVED).with(made.id, asked.json().with(UNTIL, until.toEpochMilli()));
            return current.with(RESERVED, reserved).with(CHANGED, now.toEpochMilli());
        });
        made.accounts.add(account);
    }

    /** Settles what a request used. */
    public void settle(Reservation reservation, Usage usage, Cost cost, Duration took, Instant now) {
        settle(reservation, Amounts.of(usage, cost, took), now);
    }

    private void settle(Reservation reservation, Amounts used, Instant now) {
        for (String account : reservation.accounts) {
            JsonObject unused = updates.update(reservation.tenant, account, known -> {
                JsonObject.Builder rest = JsonObject.builder();
                object(known, RESERVED).forEach((id, each) -> {
                    if (!id.equals(reservation.id)) {
                        rest.put(id, each);
                    }
                });
                return known.with(RESERVED, rest.build())
                        .with(SPENT, Amounts.of(object(known, SPENT)).plus(used).json())
                        .with(CHANGED, now.toEpochMilli());
            });
        }
    }

    // ---------------------------------------------------------------- what is there

    /** How a budget fares for somebody; of one that is per call nothing is kept. */
    public BudgetStatus status(Budget budget, Spender spender, Instant now) {
        Amounts used = used(updates.read(spender.tenant(), account(budget, spender, now)));
        return new BudgetStatus(budget, used.tokens(), used.amount(), used.calls(), used.time(), resetsAt(budget, now));
    }

    /**
     * Forgets what nobody has used any more since some time: the budgets of runs that are over, and of periods that are. A host calls
     * it from time to time.
     *
     * @return how many were forgotten
     */
    public int forget(String tenant, Instant before) {
        int forgotten = 0;
        String after = null;
        do {
            Page<Document> page =
                    documents.list(DocumentQuery.of(COLLECTION, tenant, PAGE).after(after));
            for (Document each : page.items()) {
                boolean old = each.body().get(CHANGED) instanceof Long changed && changed < before.toEpochMilli();
                forgotten += old && deleted(tenant, each) ? 1 : 0;
            }
            after = page.next();
        } while (after != null);
        return forgotten;
    }

    private boolean deleted(String tenant, Document old) {
        try {
            documents.delete(COLLECTION, tenant, old.id(), old.version());
            return true;
        } catch (VersionMismatchException e) {
            LOG.debug("The budget '{}' was used just now", old.id());
            return false;
        }
    }

    private static String account(Budget budget, Spender spender, Instant now) {
        String who = switch (budget.per()) {
            case CALL, TENANT -> "";
            case WORKFLOW -> spender.workflow();
            case AGENT -> spender.workflow() + "\n" + spender.node();
            case RUN -> spender.execution();
            case NODE -> spender.execution() + "\n" + spender.node();
        };
        String when = budget.period() == null ? "" : budget.period().begin(now).toString();
        return Digests.sha256(budget.id() + "\n" + budget.per() + "\n" + who + "\n" + when);
    }

    private static @Nullable Instant resetsAt(Budget budget, Instant now) {
        return budget.period() == null ? null : budget.period().end(now);
    }

    /** What is reserved counts as used. */
    private static Amounts used(JsonObject known) {
        Amounts used = Amounts.of(object(known, SPENT));
        for (Object each : object(known, RESERVED).values()) {
            used = used.plus(Amounts.of(each instanceof JsonObject one ? one : JsonObject.EMPTY));
        }
        return used;
    }

    /** What a process had reserved that died is used up: nobody knows what came of its request. */
    private static JsonObject withoutOld(JsonObject known, Instant now) {
        Amounts spent = Amounts.of(object(known, SPENT));
        JsonObject.Builder rest = JsonObject.builder();
        boolean any = false;
        for (Map.Entry<String, @Nullable Object> each : object(known, RESERVED).entrySet()) {
            JsonObject one = each.getValue() instanceof JsonObject object ? object : JsonObject.EMPTY;
            if (one.get(UNTIL) instanceof Long until && until < now.toEpochMilli()) {
                spent = spent.plus(Amounts.of(one));
                any = true;
            } else {
                rest.put(each.getKey(), one);
            }
        }
        return any ? known.with(RESERVED, rest.build()).with(SPENT, spent.json()) : known;
    }

    private static JsonObject object(JsonObject json, String field) {
        return json.get(field) instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    // ---------------------------------------------------------------- what is allowed

    private static void check(Budget budget, Amounts used, Amounts asked, Instant now) {
        check(budget, "tokens", number(budget.tokens()), used.tokens(), asked.tokens(), now);
        check(budget, "amount", budget.amount(), used.amount(), asked.amount(), now);
        check(budget, "calls", number(budget.calls()), used.calls(), asked.calls(), now);
        if (budget.time() != null && used.time().compareTo(budget.time()) >= 0) {
            check(
                    budget,
                    "ms",
                    BigDecimal.valueOf(budget.time().toMillis()),
                    BigDecimal.valueOf(used.time().toMillis()),
                    BigDecimal.ONE,
                    now);
        }
    }

    private static @Nullable BigDecimal number(@Nullable Long value) {
        return value == null ? null : BigDecimal.valueOf(value);
    }

    private static void check(
            Budget budget, String what, @Nullable BigDecimal most, long used, long asked, Instant now) {
        check(budget, what, most, BigDecimal.valueOf(used), BigDecimal.valueOf(asked), now);
    }

    private static void check(
            Budget budget, String what, @Nullable BigDecimal most, BigDecimal used, BigDecimal asked, Instant now) {
        if (most == null || used.add(asked).compareTo(most) <= 0) {
            return;
        }
        Instant resets = resetsAt(budget, now);
        throw refused(
                budget,
                what,
                "of " + most.toPlainString() + " " + what + " per "
                        + budget.per().text() + " "
                        + used.toPlainString() + " are used or reserved, and the request may use "
                        + asked.toPlainString()
                        + " more" + (resets == null ? "" : "; it begins anew at " + resets)
                        + "; raise it, bound the answer by maxTokens, or ask a cheaper model",
                JsonObject.builder()
                        .put("most", most)
                        .put("used", used)
                        .put("asked", asked)
                        .put("resetsAt", resets == null ? null : resets.toString())
                        .build());
    }

    private static NonRetriableException refused(Budget budget, String what, String why, JsonObject facts) {
        JsonObject.Builder details =
                JsonObject.builder().put("budget", budget.id()).put("limit", what);
        facts.forEach(details::put);
        return new NonRetriableException(
                KIND_BUDGET,
                "The budget '" + budget.id() + "' does not allow the request: " + why,
                details.build(),
                null);
    }
}
