package io.automationhub.engine.node;

import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt sees of its run. Valid until the attempt returns; an inline executor must not keep it, because the
 * next node gets the same object.
 */
public interface ExecutionContext {

    /** The configuration with all templates rendered; lazy fields are left out. The same for all attempts. */
    JsonObject config();

    /**
     * A field of {@link #config}; null if it is absent.
     */
    default @Nullable Object value(String field) {
        return config().get(field);
    }

    /**
     * A field of {@link #config} that must be there, as text.
     *
     * @throws io.automationhub.engine.error.NonRetriableException kind {@code config}, if it is absent or null
     */
    String text(String field);

    /**
     * Evaluates a lazy part of the configuration, found under these keys and positions.
     *
     * @throws io.automationhub.engine.expression.ExpressionException if it does not fit the data
     */
    @Nullable
    Object evaluate(Object... path);

    /**
     * A lazy part of the configuration for one element of a list after the other, each of which is {@code item} in its
     * expressions. Not to be used after this call, nor by several threads.
     */
    ItemFunction each(Object... path);

    /**
     * Keeps a file, which belongs to this run and goes with it. A file is never a value, but what this returns is one.
     * Waits for input and output, so an inline node must not.
     *
     * @param name of the file; no path
     * @param mediaType such as {@code text/csv}; {@link BinaryRef#UNKNOWN_TYPE} if it is unknown
     * @param content read to its end, not closed
     * @throws io.automationhub.engine.error.NonRetriableException kind {@code file}, if it has more bytes than a file may
     *     have, or name or media type are none; nothing is kept then
     * @throws IOException if the content cannot be read, or not be kept
     * @throws IllegalStateException if the node is inline
     */
    BinaryRef storeBlob(String name, String mediaType, InputStream content) throws IOException;

    /**
     * Opens a file of this tenant. Who opens it closes it.
     *
     * @throws io.automationhub.engine.error.NonRetriableException kind {@code file}, if it is not there
     * @throws IOException if it cannot be opened
     * @throws IllegalStateException if the node is inline
     */
    InputStream openBlob(BinaryRef file) throws IOException;

    /** How large a value may be: the output of a node, the input of a run, a variable. */
    JsonLimits limits();

    /** The run's input. */
    @Nullable
    Object input();

    /** What the taken edges bring: the predecessor's output, or an object by id if there are several. */
    @Nullable
    Object previous();

    /** The value of a workflow variable. */
    @Nullable
    Object variable(String name);

    /** The run. */
    String executionId();

    /** The workflow. */
    String workflowId();

    /** Whose run it is. */
    String tenant();

    /** The node. */
    String nodeId();

    /** The attempt, counted from 1. */
    int attempt();

    /** A key that all attempts of this node run share and no other has: {@code execution/node/iteration}. */
    String idempotencyKey();

    /** The time on the engine's clock. */
    Instant now();

    /** What ended the wait, if this call goes on after one; empty at the beginning of an attempt. */
    Optional<Woken> wake();

    /** Whether the attempt was asked to end. An interrupt says the same. */
    boolean isCancelled();

    /**
     * Has something done when the attempt is asked to end, for work that an interrupt does not reach: the exchange with
     * another system is closed, the statement of a database cancelled. It runs on the thread that asks, must be quick, and
     * what it throws is logged; at once, if the attempt has been asked already.
     *
     * @return takes the action back; to be run when there is nothing to close any more
     * @throws IllegalStateException if the node is inline
     */
    Runnable onCancel(Runnable action);

    /**
     * Computes something once in this node run, however often the node is called again: after a wait, a failed attempt
     * or a crash. The result is durable before this method returns.
     *
     * @param name distinguishes several of them in one node
     * @return the value that {@code supplier} gave the first time, as a value
     * @throws IllegalStateException if the node is inline, which must not wait
     */
    @Nullable
    Object once(String name, Supplier<? extends @Nullable Object> supplier);

    /**
     * Does something in a transaction of a database that counts exactly once in this node run, however often the node is
     * called again: the transaction itself keeps that it was done, in a table {@code ahe_step}, which is made if it is not
     * there. What was committed is not done again, even if the process died before it heard of that.
     *
     * @param name distinguishes several of them in one node
     * @param source the database; its connections must not be part of another transaction
     * @return what {@code work} gave when it was committed, as a value
     * @throws Exception what {@code work} threw, or the database; nothing is committed then
     * @throws IllegalStateException if the node is inline
     */
    @Nullable
    Object transaction(String name, DataSource source, TransactionalWork work) throws Exception;

    /**
     * Sends a signal to a run of this tenant, which may be this one. All attempts of this node run together send it once.
     * Waits for the other run to hear of it, so an inline node must not.
     *
     * @param data anything with a JSON form
     * @return what became of it; {@link SignalReceipt#ENDED} also if no run with that id goes on
     * @throws IllegalStateException if the node is inline
     */
    SignalReceipt signal(String executionId, String name, @Nullable Object data);

    /**
     * Sends a signal to whoever waits for that name and key in any run of this tenant. All attempts of this node run together
     * send it once. May wait for another run, so an inline node must not.
     *
     * @param key what both sides have in common, such as the number of an order
     * @param data anything with a JSON form
     * @throws IllegalStateException if the node is inline
     */
    SignalReceipt signalByKey(String name, String key, @Nullable Object data);

    /**
     * What to wait for in order to run a published workflow and wait for its end: a run of its own, which begins when this
     * node waits, and is cancelled when the node waits for it no longer. {@link #wake} then has its result, a
     * {@link Woken.ByChild}. Each attempt runs it anew. May wait for a store, so an inline node must not.
     *
     * @param name distinguishes several of them in one attempt
     * @param workflow the id of a published workflow of this tenant
     * @param version null for the latest that is not retired
     * @param input what the run begins with: anything with a JSON form
     * @throws io.automationhub.engine.error.NonRetriableException kind {@code config}, if there is no such workflow, or it
     *     cannot begin with that input; kind {@code depth}, if {@value io.automationhub.engine.event.RunOrigin#MAX_DEPTH} runs
     *     are above it
     * @throws IllegalStateException if the node is inline
     */
    Wake child(String name, String workflow, @Nullable Integer version, @Nullable Object input);

    /** Writes a line for the people who operate the workflow. */
    void log(WorkflowLog.Level level, String message);
}
