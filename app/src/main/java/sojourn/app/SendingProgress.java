package sojourn.app;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is being sent, with a bar that grows as it is read. */
final class SendingProgress extends FilterInputStream {

    private static final int WIDTH = 30;
    private static final long BETWEEN_NANOS = 200_000_000;

    private final PrintStream terminal;
    private final long size;
    private final long begun = System.nanoTime();
    private long sent;
    private long shown;

    SendingProgress(Path file, PrintStream terminal) throws IOException {
        super(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        this.terminal = terminal;
        this.size = Files.size(file);
    }

    @Override
    public int read() throws IOException {
        var value = super.read();
        advance(value < 0 ? -1 : 1);
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        var count = super.read(bytes, offset, length);
        advance(count);
        return count;
    }

    private void advance(int count) {
        sent += Math.max(0, count);
        var now = System.nanoTime();
        if (count < 0 || now - shown > BETWEEN_NANOS) {
            shown = now;
            var part = size == 0 ? 1 : (double) sent / size;
            var filled = (int) (part * WIDTH);
            terminal.printf(
                    "\r[%s%s] %3.0f %% %,.1f MB/s ",
                    "#".repeat(filled), ".".repeat(WIDTH - filled), part * 100, sent * 1e3 / Math.max(1, now - begun));
            if (count < 0) {
                terminal.println();
            }
            terminal.flush();
        }
    }
}
