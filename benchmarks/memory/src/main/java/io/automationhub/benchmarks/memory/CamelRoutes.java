package io.automationhub.benchmarks.memory;

import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;

/** Apache Camel, direct routes. */
final class CamelRoutes implements Contender {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ExecutorService executor = RawExecutor.newExecutor();

    private static void inc(Exchange exchange, int step) {
        exchange.getMessage()
                .setBody(PlainJava.STEPS[step & 3].applyAsLong(
                        exchange.getMessage().getBody(Long.class)));
    }

    @Override
    public LongSupplier chain(int length) {
        return run("chain" + length, new RouteBuilder() {
            @Override
            public void configure() {
                ProcessorDefinition<?> route = from("direct:chain" + length);
                for (int i = 0; i < length; i++) {
                    int step = i;
                    route = route.process(exchange -> inc(exchange, step));
                }
            }
        });
    }

    @Override
    public LongSupplier fan(int width) {
        return fan("fan" + width, width, 0);
    }

    @Override
    public LongSupplier blocking(int width, int millis) {
        return fan("blocking" + width, width, millis);
    }

    private LongSupplier fan(String name, int width, int millis) {
        return run(name, new RouteBuilder() {
            @Override
            public void configure() {
                MulticastDefinition fan = from("direct:" + name)
                        .process(exchange -> inc(exchange, 0))
                        .multicast((before, now) -> before == null ? now : sum(before, now));
                if (millis > 0) {
                    fan = fan.parallelProcessing().executorService(executor);
                }
                for (int i = 0; i < width; i++) {
                    fan.to("direct:" + name + "-branch");
                }
                from("direct:" + name + "-branch").process(exchange -> part(exchange, millis));
            }
        });
    }

    private static void part(Exchange exchange, int millis) {
        if (millis > 0) {
            Contender.sleep(millis);
            exchange.getMessage().setBody(1L);
        } else {
            inc(exchange, 1);
        }
    }

    private static Exchange sum(Exchange before, Exchange now) {
        before.getMessage()
                .setBody(before.getMessage().getBody(Long.class)
                        + now.getMessage().getBody(Long.class));
        return before;
    }

    @Override
    public LongSupplier diamond() {
        return run("diamond", new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:diamond")
                        .process(exchange -> inc(exchange, 0))
                        .choice()
                        .when(exchange -> exchange.getMessage().getBody(Long.class) >= 0)
                        .process(exchange -> inc(exchange, 1))
                        .otherwise()
                        .process(exchange -> inc(exchange, 2))
                        .end()
                        .process(exchange -> inc(exchange, 3));
            }
        });
    }

    private LongSupplier run(String name, RouteBuilder routes) {
        try {
            context.addRoutes(routes);
            context.start();
            Endpoint endpoint = context.getEndpoint("direct:" + name);
            ProducerTemplate template = context.createProducerTemplate();
            template.start();
            return () -> template.requestBody(endpoint, 0L, Long.class);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.stop();
        executor.shutdown();
    }
}
