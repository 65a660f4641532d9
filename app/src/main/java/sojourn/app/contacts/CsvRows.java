package sojourn.app.contacts;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.CsvOutput;
import sojourn.app.platform.CsvTable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;

/** Records as a table: the first row names the fields, an absent column leaves a field, an empty cell clears it. */
final class CsvRows implements ImportRows {

    /** The column, and the field of JSON, that names the record of a row. */
    static final String ID = "id";

    private final RecordReader reader;
    private final CsvTable table;
    private final List<String> columns;

    CsvRows(InputStream in, Charset charset, RecordReader reader) {
        this.reader = reader;
        this.table = new CsvTable(in, charset);
        this.columns = header();
    }

    @Override
    public @Nullable Row next() {
        var found = table.next();
        return found == null ? null : read(found);
    }

    @Override
    public boolean skip() {
        return table.next() != null;
    }

    private Row read(CsvRecord cells) {
        var errors = new ArrayList<ProblemError>();
        var values = new HashMap<String, @Nullable Object>();
        if (cells.getFieldCount() != columns.size()) {
            errors.add(ProblemError.at(
                    "",
                    "wrong-cell-count",
                    "the header has " + columns.size() + " columns, this row " + cells.getFieldCount()));
            return new Row(cells.getStartingLineNumber(), CsvTable.size(cells), null, null, errors);
        }
        UUID id = null;
        for (var index = 0; index < columns.size(); index++) {
            var cell = CsvOutput.plain(cells.getField(index));
            if (CsvTable.isGarbled(cell)) {
                errors.add(ProblemError.at(
                        "",
                        "wrong-encoding",
                        columns.get(index) + ": this is not in the file's encoding, UTF-8 unless said"));
            } else if (columns.get(index).equals(ID)) {
                id = cell.isEmpty() ? null : Row.id(cell, errors);
            } else {
                reader.readCell(columns.get(index), cell, values, errors);
            }
        }
        return new Row(
                cells.getStartingLineNumber(), CsvTable.size(cells), id, new FieldChanges(values, false), errors);
    }

    private List<String> header() {
        var names = new ArrayList<String>();
        var errors = new ArrayList<ProblemError>();
        for (var cell : table.header().getFields()) {
            try {
                var name = cell.strip();
                names.add(name.equals(ID) ? ID : reader.column(name));
            } catch (Unfit unfit) {
                errors.add(ProblemError.at("", unfit.code(), unfit.detail()));
            }
        }
        if (errors.isEmpty() && new HashSet<>(names).size() < names.size()) {
            errors.add(ProblemError.at("", "duplicate", "a field is named by two columns"));
        }
        if (errors.isEmpty() && !names.contains("externalId") && !names.contains(ID)) {
            errors.add(ProblemError.at("", "required", "the column externalId is needed, or the column id"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return names;
    }
}
