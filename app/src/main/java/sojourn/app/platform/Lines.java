package sojourn.app.platform;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream of bytes, one at a time in one buffer. A line that is too long to be kept is passed over, with
 * {@link #isTooLong} true.
 */
public final class Lines {

    private static final int LONGEST = 1 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private int filled;
    private boolean tooLong;
    private boolean begun;

    public Lines(InputStream in) {
        this.in = in;
    }

    /** Goes on to the next line; false when there is none. */
    public boolean next() throws IOException {
        start = begun ? Math.min(end + 1, filled) : 0;
        tooLong = false;
        var at = start;
        while (true) {
            for (; at < filled; at++) {
                if (buffer[at] == '\n') {
                    end = at;
                    return found();
                }
            }
            if (filled - start >= LONGEST) {
                tooLong = true;
                filled = start;
            }
            at = filled - start;
            if (!fill()) {
                end = filled;
                return (filled > 0 || tooLong) && found();
            }
        }
    }

    public byte[] buffer() {
        return buffer;
    }

    public int start() {
        return start;
    }

    public int length() {
        return end - start;
    }

    public boolean isTooLong() {
        return tooLong;
    }

    public boolean isBlank() {
        for (var at = start; at < end; at++) {
            if (buffer[at] > ' ' || buffer[at] < 0) {
                return false;
            }
        }
        return !tooLong;
    }

    private boolean found() {
        if (!begun) {
            begun = true;
            if (length() >= 3
                    && buffer[start] == (byte) 0xEF
                    && buffer[start + 1] == (byte) 0xBB
                    && buffer[start + 2] == (byte) 0xBF) {
                start += 3;
            }
        }
        return true;
    }

    /** Moves the line begun to the front and reads more behind it. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        filled -= start;
        start = 0;
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(LONGEST, buffer.length * 2));
        }
        var read = in.read(buffer, filled, buffer.length - filled);
        filled += Math.max(read, 0);
        return read >= 0;
    }
}
