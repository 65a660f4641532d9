package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import sojourn.app.platform.Json;

/** Objects as lines of JSON, made as they are read; {@code taken} counts along. */
final class Lines extends InputStream {

    private final ObjectMapper json = Json.mapper();
    private final Iterator<?> objects;
    private final AtomicLong taken;
    private byte[] line = {};
    private int position;

    Lines(Iterator<?> objects, AtomicLong taken) {
        this.objects = objects;
        this.taken = taken;
    }

    @Override
    public int read() {
        return hasMore() ? line[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        var read = 0;
        while (read < length && hasMore()) {
            var part = Math.min(length - read, line.length - position);
            System.arraycopy(line, position, buffer, offset + read, part);
            position += part;
            read += part;
        }
        return read == 0 ? -1 : read;
    }

    private boolean hasMore() {
        if (position < line.length) {
            return true;
        }
        if (!objects.hasNext()) {
            return false;
        }
        line = bytes(objects.next());
        position = 0;
        taken.incrementAndGet();
        return true;
    }

    private byte[] bytes(Object object) {
        try {
            var text = json.writeValueAsBytes(object);
            var ended = new byte[text.length + 1];
            System.arraycopy(text, 0, ended, 0, text.length);
            ended[text.length] = '\n';
            return ended;
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
