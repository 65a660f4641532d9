package sojourn.app.segments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.ws.rs.core.MediaType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.CsvTable;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.Lines;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/**
 * Contacts named by an upload, one a row: CSV with a column {@code contact} or {@code externalId}, or NDJSON of objects with
 * such a field, or of texts. No problem quotes a row.
 */
interface MemberUpload {

    /**
     * One row.
     *
     * @param line where it begins, from 1
     * @param contact a UUID or {@code external:...}; null when there is a problem
     * @param remove whether it says that the contact is to go
     */
    record Row(
            long line,
            @Nullable String contact,
            boolean remove,
            @Nullable JobProblem problem) {

        static Row of(long line, String contact, boolean remove) {
            return new Row(line, contact, remove, null);
        }

        static Row unfit(long line, String code, String detail) {
            return new Row(line, null, false, new JobProblem(line, code, detail));
        }
    }

    /** How an upload is to be read. */
    record Format(boolean csv, String charset) {

        static Format of(MediaType type) {
            var charset = CsvTable.charset(type);
            var csv = type.getSubtype().equals("csv");
            if (!csv && !charset.equals(StandardCharsets.UTF_8)) {
                throw new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "JSON is in UTF-8");
            }
            return new Format(csv, charset.name());
        }

        MemberUpload open(InputStream upload) {
            var in = new BufferedInputStream(upload);
            return csv ? new Table(new CsvTable(in, Charset.forName(charset))) : new Json(new Lines(in));
        }
    }

    /** The next row; null when there is none. */
    @Nullable
    Row next() throws IOException;

    /** Passes a row over without looking at it. */
    boolean skip() throws IOException;

    private static Row named(long line, String prefix, @Nullable String name, boolean remove) {
        return name == null || name.isEmpty() || name.indexOf('\0') >= 0
                ? Row.unfit(line, "required", "no contact is named")
                : Row.of(line, prefix + name, remove);
    }

    /** As a table. */
    final class Table implements MemberUpload {

        private final CsvTable table;
        private final int column;
        private final int columns;
        private final String prefix;

        private Table(CsvTable table) {
            this.table = table;
            var names = table.header().getFields().stream().map(String::strip).toList();
            var contact = names.indexOf("contact");
            var externalId = names.indexOf("externalId");
            if ((contact < 0) == (externalId < 0)) {
                throw Problem.invalid(
                        "", "required", "one column is needed: contact (a UUID or external:...), or externalId");
            }
            column = Math.max(contact, externalId);
            columns = names.size();
            prefix = externalId < 0 ? "" : Contacts.EXTERNAL;
        }

        @Override
        public @Nullable Row next() {
            var row = table.next();
            if (row == null) {
                return null;
            }
            var line = row.getStartingLineNumber();
            if (row.getFieldCount() != columns) {
                return Row.unfit(
                        line,
                        "wrong-cell-count",
                        "the header has " + columns + " columns, this row " + row.getFieldCount());
            }
            var cell = row.getField(column).strip();
            if (CsvTable.isGarbled(cell)) {
                return Row.unfit(line, "wrong-encoding", "this is not in the file's encoding, UTF-8 unless said");
            }
            return named(line, prefix, cell, false);
        }

        @Override
        public boolean skip() {
            return table.next() != null;
        }
    }

    /** As lines of JSON. */
    final class Json implements MemberUpload {

        private static final Set<String> FIELDS = Set.of("contact", "externalId", "op");
        private static final List<String> OPERATIONS = List.of("add", "remove");
        private static final ObjectReader JSON = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build()
                .reader();

        private final Lines lines;
        private long line;

        private Json(Lines lines) {
            this.lines = lines;
        }

        @Override
        public @Nullable Row next() throws IOException {
            if (!skip()) {
                return null;
            }
            if (lines.isTooLong()) {
                return Row.unfit(line, "too-long", "a line may have at most 1 MiB");
            }
            try {
                return read(JSON.readTree(lines.buffer(), lines.start(), lines.length()));
            } catch (JsonProcessingException malformed) {
                return Row.unfit(line, "malformed-json", "this line is not JSON");
            }
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

        private Row read(JsonNode row) {
            if (row.isTextual()) {
                return named(line, "", row.textValue(), false);
            }
            if (!row.isObject()) {
                return Row.unfit(line, "wrong-type", "an object like {\"contact\": \"external:42\"} would fit");
            }
            if (!row.propertyStream().allMatch(field -> FIELDS.contains(field.getKey()))) {
                return Row.unfit(line, "unknown-field", "contact or externalId, and op, would fit");
            }
            var operation = row.path("op").asText("add");
            if (!OPERATIONS.contains(operation)) {
                return Row.unfit(line, "unknown-operation", "op is add or remove");
            }
            var remove = operation.equals("remove");
            return row.path("externalId").isTextual()
                    ? named(line, Contacts.EXTERNAL, row.path("externalId").textValue(), remove)
                    : named(line, "", row.path("contact").textValue(), remove);
        }
    }
}
