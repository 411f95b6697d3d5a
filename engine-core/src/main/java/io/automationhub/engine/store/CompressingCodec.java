package io.automationhub.engine.store;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Compresses with DEFLATE (RFC 1951, in the zlib format) what is long enough to become smaller. */
public final class CompressingCodec implements PayloadCodec {

    private static final int BUFFER = 8192;

    private final int threshold;

    /** @param threshold shorter values, in bytes, are left as they are */
    public CompressingCodec(int threshold) {
        this.threshold = threshold;
    }

    @Override
    public String name() {
        return "deflate";
    }

    @Override
    public byte[] encode(byte[] plain) {
        if (plain.length < threshold) {
            return plain;
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2);
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.size() < plain.length ? out.toByteArray() : plain;
        } finally {
            deflater.end();
        }
    }

    @Override
    public byte[] decode(byte[] stored) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(stored);
            ByteArrayOutputStream out = new ByteArrayOutputStream(stored.length * 4);
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new PayloadException("A compressed value is cut off");
                }
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new PayloadException("A compressed value was changed", e);
        } finally {
            inflater.end();
        }
    }
}
