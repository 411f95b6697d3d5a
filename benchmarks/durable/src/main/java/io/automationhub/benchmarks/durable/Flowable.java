package io.automationhub.benchmarks.durable;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.flowable.common.engine.api.delegate.event.FlowableEngineEventType;
import org.flowable.common.engine.api.delegate.event.FlowableEvent;
import org.flowable.common.engine.api.delegate.event.FlowableEventListener;
import org.flowable.common.engine.impl.history.HistoryLevel;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.delegate.DelegateExecution;
import org.flowable.engine.delegate.JavaDelegate;
import org.flowable.engine.delegate.event.FlowableProcessEngineEvent;
import org.flowable.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.flowable.engine.impl.cfg.StandaloneProcessEngineConfiguration;

/** Flowable with an asynchronous job for each step, which makes each durable before the next one; history {@code audit}. */
final class Flowable implements Contender {

    private static final int THREADS = 32;

    private final ProcessEngine engine;
    private final Map<String, CompletableFuture<Object>> waiting = new ConcurrentHashMap<>();

    /** What follows an end needs a connection of its own, which its thread has only after the commit. */
    private final ExecutorService clients = Executors.newCachedThreadPool();

    /** One step. */
    public static final class Step implements JavaDelegate {
        @Override
        public void execute(DelegateExecution execution) {
            execution.setVariable("value", (Long) execution.getVariable("value") + 1);
        }
    }

    Flowable(DataSource source) {
        ProcessEngineConfigurationImpl config = new StandaloneProcessEngineConfiguration();
        config.setDataSource(source);
        config.setDatabaseSchemaUpdate("true");
        config.setHistoryLevel(HistoryLevel.AUDIT);
        config.setDisableIdmEngine(true);
        config.setDisableEventRegistry(true);
        config.setAsyncExecutorActivate(true);
        config.setAsyncExecutorCorePoolSize(THREADS);
        config.setAsyncExecutorMaxPoolSize(THREADS);
        config.setAsyncExecutorThreadPoolQueueSize(4096);
        engine = config.buildProcessEngine();
        engine.getRepositoryService()
                .createDeployment()
                .addString("chain.bpmn20.xml", definition())
                .deploy();
        engine.getRuntimeService().addEventListener(new Ends(), FlowableEngineEventType.PROCESS_COMPLETED);
    }

    private static String definition() {
        StringBuilder xml = new StringBuilder("<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'"
                + " xmlns:flowable='http://flowable.org/bpmn' targetNamespace='benchmarks'>"
                + "<process id='chain' isExecutable='true'><startEvent id='begin'/>");
        String before = "begin";
        for (int i = 0; i < STEPS; i++) {
            xml.append("<serviceTask id='s").append(i).append("' flowable:async='true' flowable:class='");
            xml.append(Step.class.getName()).append("'/>").append(flow(before, "s" + i));
            before = "s" + i;
        }
        return xml.append("<endEvent id='end'/>")
                .append(flow(before, "end"))
                .append("</process></definitions>")
                .toString();
    }

    private static String flow(String from, String to) {
        return "<sequenceFlow id='" + from + "_" + to + "' sourceRef='" + from + "' targetRef='" + to + "'/>";
    }

    /** Hears of a process that has ended once that is committed. */
    private final class Ends implements FlowableEventListener {

        @Override
        public void onEvent(FlowableEvent event) {
            String id = ((FlowableProcessEngineEvent) event).getProcessInstanceId();
            waiting.computeIfAbsent(id, any -> new CompletableFuture<>()).complete(id);
        }

        @Override
        public boolean isFailOnException() {
            return true;
        }

        @Override
        public boolean isFireOnTransactionLifecycleEvent() {
            return true;
        }

        @Override
        public String getOnTransaction() {
            return "COMMITTED";
        }
    }

    @Override
    public String name() {
        return "Flowable, async steps";
    }

    @Override
    public CompletionStage<?> start() {
        String id = engine.getRuntimeService()
                .startProcessInstanceByKey("chain", Map.of("value", 0L))
                .getId();
        return waiting.computeIfAbsent(id, any -> new CompletableFuture<>()).thenRunAsync(() -> check(id), clients);
    }

    private void check(String id) {
        waiting.remove(id);
        Contender.check(engine.getHistoryService()
                .createHistoricVariableInstanceQuery()
                .processInstanceId(id)
                .variableName("value")
                .singleResult()
                .getValue());
    }

    @Override
    public void close() {
        clients.shutdownNow();
        engine.close();
    }
}
