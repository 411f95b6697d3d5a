package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.LimitClaim;
import io.automationhub.engine.store.OpenWait;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.store.RunStanding;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A durable store as one process of a scenario sees it: the scenario hears of what became durable, and nothing does any more
 * once the process has died. The system property {@value #PROPERTY} names a supplier of stores; without it, scenarios run in
 * memory.
 */
final class ScenarioStore implements DurableStore {

    static final String PROPERTY = "engine.scenarioStore";

    private final DurableStore store;
    private final BooleanSupplier lives;
    private final Consumer<RunCommit> durable;

    ScenarioStore(DurableStore store, BooleanSupplier lives, Consumer<RunCommit> durable) {
        this.store = store;
        this.lives = lives;
        this.durable = durable;
    }

    /** An empty store of the kind that this build of the tests is about; null if it is about runs in memory. */
    @SuppressWarnings("unchecked")
    static @Nullable DurableStore fresh() {
        String supplier = System.getProperty(PROPERTY, "");
        if (supplier.isEmpty()) {
            return null;
        }
        try {
            var constructor = Class.forName(supplier).getDeclaredConstructor();
            constructor.setAccessible(true);
            return ((Supplier<DurableStore>) constructor.newInstance()).get();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot make the store of scenarios '" + supplier + "'", e);
        }
    }

    @Override
    public StoreMember join(String name, LongSupplier now) {
        return new Member(store.join(name, now));
    }

    private final class Member implements StoreMember {

        private final StoreMember member;

        Member(StoreMember member) {
            this.member = member;
        }

        private StoreMember alive() {
            if (!lives.getAsBoolean()) {
                throw new FencedException(process());
            }
            return member;
        }

        @Override
        public long process() {
            return member.process();
        }

        @Override
        public long nextNumber() {
            return member.nextNumber();
        }

        @Override
        public void commit(List<RunCommit> commits, Outcome outcome) {
            if (!lives.getAsBoolean()) {
                outcome.fenced();
                return;
            }
            member.commit(commits, new Outcome() {
                @Override
                public void durable() {
                    commits.forEach(durable);
                    outcome.durable();
                }

                @Override
                public void repeated(String first) {
                    outcome.repeated(first);
                }

                @Override
                public void fenced() {
                    outcome.fenced();
                }

                @Override
                public void refused(RuntimeException cause) {
                    outcome.refused(cause);
                }
            });
        }

        @Override
        public boolean send(String tenant, RunCommit.Addressed message) {
            return alive().send(tenant, message);
        }

        @Override
        public void putAside(long number, String problem) {
            alive().putAside(number, problem);
        }

        @Override
        public List<ClaimedRun> claim(int most, Predicate<Workflow> runnable) {
            return alive().claim(most, runnable);
        }

        @Override
        public Optional<ClaimedRun> claim(String tenant, String id, Predicate<Workflow> runnable) {
            return alive().claim(tenant, id, runnable);
        }

        @Override
        public List<ClaimedRun.Delivered> messages() {
            return alive().messages();
        }

        @Override
        public Time beat() {
            return alive().beat();
        }

        @Override
        public long lastBeatNanos() {
            return member.lastBeatNanos();
        }

        @Override
        public int reap(Duration ttl, int mostCrashes) {
            return alive().reap(ttl, mostCrashes);
        }

        @Override
        public Set<Long> limits(
                Collection<LimitClaim> asked, Collection<LimitClaim> givenBack, Collection<Line> lines) {
            return alive().limits(asked, givenBack, lines);
        }

        @Override
        public Set<String> full(LimitClaim claim) {
            return member.full(claim);
        }

        @Override
        public int ahead(long number) {
            return alive().ahead(number);
        }

        @Override
        public SignalReceipt signal(String tenant, String key, Woken.BySignal signal, Instant until) {
            return alive().signal(tenant, key, signal, until);
        }

        @Override
        public void match(String tenant, String name, String key) {
            alive().match(tenant, name, key);
        }

        @Override
        public void putBack(String tenant, String key, Woken.BySignal signal) {
            alive().putBack(tenant, key, signal);
        }

        @Override
        public void close() {
            member.close();
        }
    }

    @Override
    public DocumentStore documents() {
        return store.documents();
    }

    @Override
    public Optional<RunStanding> standing(String tenant, String id) {
        return store.standing(tenant, id);
    }

    @Override
    public Set<String> ended(String tenant, Collection<String> executionIds) {
        return store.ended(tenant, executionIds);
    }

    @Override
    public List<OpenWait.Request> requests(String tenant) {
        return store.requests(tenant);
    }

    @Override
    public void ended(ExecutionHistory run) {
        store.ended(run);
    }

    @Override
    public Optional<ExecutionRecord> find(String tenant, String id) {
        return store.find(tenant, id);
    }

    @Override
    public Optional<Workflow> workflow(String tenant, String id) {
        return store.workflow(tenant, id);
    }

    @Override
    public Page<ExecutionRecord> executions(ExecutionQuery query) {
        return store.executions(query);
    }

    @Override
    public Page<NodeExecution> nodes(String tenant, String id, @Nullable String after, int limit) {
        return store.nodes(tenant, id, after, limit);
    }

    @Override
    public void onForgotten(ForgottenRuns listener) {
        store.onForgotten(listener);
    }

    @Override
    public List<WorkflowLog> logs(String tenant, String id) {
        return store.logs(tenant, id);
    }
}
