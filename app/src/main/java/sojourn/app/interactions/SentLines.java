package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Lines;

/** Interactions as JSON objects, one a line. */
final class SentLines implements SentRows {

    private final Lines lines;
    private long line;
    private long index;

    SentLines(InputStream in) {
        this.lines = new Lines(in);
    }

    @Override
    public @Nullable Sent next() throws IOException {
        while (lines.next()) {
            line++;
            if (!lines.isBlank()) {
                return read(index++);
            }
        }
        return null;
    }

    @Override
    public long size() {
        return lines.length();
    }

    private Sent read(long index) throws IOException {
        if (lines.isTooLong()) {
            return Sent.unreadable(index, line, "too-long", "a line may have at most 1 MiB");
        }
        try (var json = InteractionReader.JSON.createParser(lines.buffer(), lines.start(), lines.length())) {
            json.nextToken();
            var sent = InteractionReader.read(json, index, line);
            return json.nextToken() == null
                    ? sent
                    : Sent.unreadable(
                            index, line, "malformed-json", "there is more in the line after the end of the JSON");
        } catch (JsonProcessingException malformed) {
            return Sent.unreadable(index, line, "malformed-json", "this line is not JSON");
        }
    }
}
