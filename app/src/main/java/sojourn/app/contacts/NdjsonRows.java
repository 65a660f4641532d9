package sojourn.app.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Lines;
import sojourn.app.platform.ProblemError;

/** Records as JSON objects, one a line. */
final class NdjsonRows implements ImportRows {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerForMapOf(Object.class);

    private final Lines lines;
    private final RecordReader reader;
    private long line;

    NdjsonRows(InputStream in, RecordReader reader) {
        this.lines = new Lines(in);
        this.reader = reader;
    }

    @Override
    public @Nullable Row next() throws IOException {
        return skip() ? read() : null;
    }

    @Override
    public boolean skip() throws IOException {
        while (lines.next()) {
            line++;
            if (!lines.isBlank()) {
                return true;
            }
        }
        return false;
    }

    private Row read() throws IOException {
        if (lines.isTooLong()) {
            return unreadable("too-long", "a line may have at most 1 MiB");
        }
        try {
            Map<String, @Nullable Object> body = JSON.readValue(lines.buffer(), lines.start(), lines.length());
            if (body == null) {
                return unreadable("wrong-type", "a record is an object");
            }
            var errors = new ArrayList<ProblemError>();
            var id = body.get(CsvRows.ID) == null ? null : Row.id(String.valueOf(body.get(CsvRows.ID)), errors);
            return row(id, reader.fromJson(body, errors), errors);
        } catch (JsonProcessingException malformed) {
            return unreadable("malformed-json", "this line is not a JSON object");
        }
    }

    private Row unreadable(String code, String detail) {
        return row(null, null, List.of(ProblemError.at("", code, detail)));
    }

    private Row row(@Nullable UUID id, @Nullable FieldChanges changes, List<ProblemError> errors) {
        return new Row(line, lines.length(), id, changes, errors);
    }
}
