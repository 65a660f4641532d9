package sojourn.app.platform;

import java.io.InputStream;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Reads a job's upload chunk by chunk, holding no connection in between. */
final class UploadStream extends InputStream {

    /** The size of every chunk but the last, so that an offset tells its chunk. */
    static final int CHUNK = 1 << 20;

    private final Jdbi jdbi;
    private final UUID job;
    private int next;
    private int at;
    private byte[] chunk = {};

    UploadStream(Jdbi jdbi, UUID job, long offset) {
        this.jdbi = jdbi;
        this.job = job;
        this.next = Math.toIntExact(offset / CHUNK);
        if (fill()) {
            this.at = Math.min(Math.toIntExact(offset % CHUNK), chunk.length);
        }
    }

    @Override
    public int read() {
        return fill() ? chunk[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        var count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, bytes, offset, count);
        at += count;
        return count;
    }

    /** Whether there is something to read. */
    private boolean fill() {
        while (at == chunk.length) {
            var number = next;
            var following = jdbi.withExtension(JobDao.class, jobs -> jobs.chunk(job, number));
            if (following.isEmpty()) {
                return false;
            }
            chunk = following.get();
            at = 0;
            next++;
        }
        return true;
    }
}
