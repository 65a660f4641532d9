package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.Unfit;
import sojourn.app.contacts.Values;
import sojourn.app.platform.CsvTable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;

/**
 * Interactions as a table: the first row names the fields, properties as {@code properties.amount}; an empty cell is a
 * field left out. A row is read as the JSON that says the same, so that both are one fact with the same faults.
 */
final class SentTable implements SentRows {

    private static final String PROPERTIES = "properties.";
    private static final List<String> REQUIRED = List.of("id", "type");
    private static final List<String> FIELDS =
            List.of("id", "type", "contact", "anonymousId", "occurredAt", "bindingKey");

    private final CsvTable table;
    private final Map<String, InteractionType> types;
    private final List<String> columns;
    private long size;
    private long index;

    /** @param types by key; they say which cells are numbers, true or false, or lists */
    SentTable(InputStream in, Charset charset, Map<String, InteractionType> types) {
        this.table = new CsvTable(in, charset);
        this.types = types;
        this.columns = columns(table.header());
    }

    @Override
    public @Nullable Sent next() throws IOException {
        var row = table.next();
        if (row == null) {
            return null;
        }
        size = CsvTable.size(row);
        return read(row, index++);
    }

    @Override
    public long size() {
        return size;
    }

    private static List<String> columns(CsvRecord header) {
        var names = header.getFields().stream().map(String::strip).toList();
        var errors = new ArrayList<ProblemError>();
        for (var name : names) {
            if (!FIELDS.contains(name) && !(name.startsWith(PROPERTIES) && name.length() > PROPERTIES.length())) {
                errors.add(ProblemError.at(
                        "",
                        "unknown-field",
                        "a column is no field of an interaction"
                                + Nearest.advice(name, FIELDS)
                                + "; a property's column is named as properties.amount"));
            }
        }
        if (new HashSet<>(names).size() < names.size()) {
            errors.add(ProblemError.at("", "duplicate", "a field is named by two columns"));
        }
        for (var name : REQUIRED) {
            if (!names.contains(name)) {
                errors.add(ProblemError.at("", "required", "the column " + name + " is needed"));
            }
        }
        if (!names.contains("contact") && !names.contains("anonymousId")) {
            errors.add(ProblemError.at("", "required", "the column contact is needed, or anonymousId"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return names;
    }

    private Sent read(CsvRecord row, long index) throws IOException {
        var line = row.getStartingLineNumber();
        if (row.getFieldCount() != columns.size()) {
            return Sent.unreadable(
                    index,
                    line,
                    "wrong-cell-count",
                    "the header has " + columns.size() + " columns, this row " + row.getFieldCount());
        }
        if (row.getFields().stream().anyMatch(CsvTable::isGarbled)) {
            return Sent.unreadable(
                    index, line, "wrong-encoding", "a cell is not in the file's encoding, UTF-8 unless said");
        }
        try (var json = new TokenBuffer((ObjectCodec) null, false)) {
            write(row, json);
            try (var written = json.asParser()) {
                written.nextToken();
                return InteractionReader.read(written, index, line);
            }
        }
    }

    private void write(CsvRecord row, JsonGenerator json) throws IOException {
        var type = types.get(row.getField(columns.indexOf("type")));
        json.writeStartObject();
        for (var field : FIELDS) {
            var column = columns.indexOf(field);
            if (column >= 0 && !row.getField(column).isEmpty()) {
                json.writeStringField(field, row.getField(column));
            }
        }
        writeProperties(row, type, json);
        json.writeEndObject();
    }

    private void writeProperties(CsvRecord row, @Nullable InteractionType type, JsonGenerator json) throws IOException {
        var filled = IntStream.range(0, columns.size())
                .filter(column -> columns.get(column).startsWith(PROPERTIES)
                        && !row.getField(column).isEmpty())
                .toArray();
        if (filled.length == 0) {
            return;
        }
        json.writeObjectFieldStart("properties");
        for (var column : filled) {
            var name = columns.get(column).substring(PROPERTIES.length());
            json.writeFieldName(name);
            write(type == null ? null : type.properties().get(name), row.getField(column), json);
        }
        json.writeEndObject();
    }

    /** What does not fit is left as text, to be refused as that. */
    private static void write(@Nullable Declaration declaration, String cell, JsonGenerator json) throws IOException {
        try {
            switch (declaration == null ? cell : Values.asJson(declaration, cell)) {
                case BigDecimal number -> json.writeNumber(number);
                case Boolean bool -> json.writeBoolean(bool);
                case List<?> list -> {
                    json.writeStartArray();
                    for (var element : list) {
                        json.writeString(String.valueOf(element));
                    }
                    json.writeEndArray();
                }
                default -> json.writeString(cell);
            }
        } catch (Unfit unfit) {
            json.writeString(cell);
        }
    }
}
