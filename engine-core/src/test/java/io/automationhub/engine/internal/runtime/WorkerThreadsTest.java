package io.automationhub.engine.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerThreadsTest {

    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

    private final @Nullable ThreadFactory virtual = VirtualThreads.factory();
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final WorkerThreads workers = new WorkerThreads();

    @AfterEach
    void close() {
        release.countDown();
        workers.close();
        USER.remove();
    }

    private Object next() throws InterruptedException {
        Object next = seen.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private void tellKind() {
        seen.add(VirtualThreads.isCurrent() ? "virtual" : "platform");
    }

    private void tellKindAndStay() {
        tellKind();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatStandsInForAThreadIsOfItsKind() throws InterruptedException {
        workers.standIn(this::tellKind);
        assertThat(next()).isEqualTo("platform");
        assumeTrue(virtual != null, "no virtual threads before Java 21");
        virtual.newThread(() -> workers.standIn(this::tellKind)).start();
        assertThat(next()).isEqualTo("virtual");
    }

    @Test
    void whoeverBeginsItWhatHasAThreadOfItsOwnIsOnAVirtualOneWhereThereAreSuch() throws InterruptedException {
        workers.execute(this::tellKind);
        assertThat(next()).isEqualTo(virtual == null ? "platform" : "virtual");
    }

    @Test
    void beyondTheMostThatAreKeptVirtualOnesStandIn() throws InterruptedException {
        assumeTrue(virtual != null, "no bound before Java 21");
        List<Object> kinds = new ArrayList<>();
        for (int i = 0; i < WorkerThreads.MAX_STANDING_IN + 1; i++) {
            workers.standIn(this::tellKindAndStay);
            kinds.add(next());
        }
        assertThat(kinds.subList(0, WorkerThreads.MAX_STANDING_IN)).containsOnly("platform");
        assertThat(kinds).last().isEqualTo("virtual");
    }

    @Test
    void noThreadInheritsThreadLocals() throws InterruptedException {
        USER.set("who came first");
        workers.standIn(() -> seen.add(String.valueOf(USER.get())));
        assertThat(next()).isEqualTo("null");
        workers.execute(() -> seen.add(String.valueOf(USER.get())));
        assertThat(next()).isEqualTo("null");
    }

    @Test
    void allHaveTheClassLoaderOfWhoMadeThem() throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[0], before)) {
            current.setContextClassLoader(loader);
            WorkerThreads theirs = new WorkerThreads();
            current.setContextClassLoader(before);
            theirs.standIn(() -> seen.add(Thread.currentThread().getContextClassLoader()));
            assertThat(next()).isSameAs(loader);
            theirs.execute(() -> seen.add(Thread.currentThread().getContextClassLoader()));
            assertThat(next()).isSameAs(loader);
            theirs.close();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    @Test
    void anInterruptThatIsLeftReachesNothingElse() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            workers.standIn(() -> {
                seen.add(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
            });
            assertThat(next()).isEqualTo(false);
        }
    }
}
