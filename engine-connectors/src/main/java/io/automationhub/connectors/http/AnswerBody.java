package io.automationhub.connectors.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** A body that ends with an error when it is larger than it may be, and whose failures are those of its call. */
final class AnswerBody extends FilterInputStream {

    private final long declared;
    private final HttpCall call;
    private final long most;
    private final Function<IOException, RuntimeException> failure;
    private long read;

    /**
     * A body.
     *
     * @param declared its length as the server said it, which HTTP holds it to; -1 if it did not
     * @param most more bytes fail
     */
    AnswerBody(
            InputStream in, long declared, HttpCall call, long most, Function<IOException, RuntimeException> failure) {
        super(in);
        this.declared = declared;
        this.call = call;
        this.most = most;
        this.failure = failure;
    }

    @Override
    public int read() {
        try {
            int value = in.read();
            count(value < 0 ? 0 : 1);
            return value;
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        try {
            int got = in.read(into, offset, length);
            count(Math.max(0, got));
            return got;
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }

    /** Takes no more memory than the answer has, where the usual way takes 16 kB for each. */
    @Override
    public byte[] readNBytes(int length) throws IOException {
        return super.readNBytes(declared < 0 ? length : (int) Math.min(length, declared));
    }

    @Override
    public long skip(long n) {
        throw new UnsupportedOperationException("What is skipped would not be counted");
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int more) {
        read += more;
        if (read > most) {
            throw HttpFailures.permanent(
                    HttpDoor.KIND_TOO_LARGE,
                    call,
                    "the answer has more than the " + most + " bytes that it may have, unpacked; ask for less, or raise"
                            + " maxBytes",
                    null);
        }
    }
}
