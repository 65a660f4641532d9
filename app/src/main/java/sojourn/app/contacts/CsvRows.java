package sojourn.app.contacts;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;

/** Contacts as a table: the first row names the fields, an absent column leaves a field, an empty cell clears it. */
final class CsvRows implements ImportRows {

    private static final int LONGEST_CELL = 1 << 20;

    private final ContactReader reader;
    private final Iterator<CsvRecord> records;
    private final List<String> columns;

    CsvRows(InputStream in, Charset charset, ContactReader reader) {
        this.reader = reader;
        this.records = CsvReader.builder()
                .detectBomHeader(true)
                .maxBufferSize(LONGEST_CELL)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(in, charset)
                .iterator();
        this.columns = header();
    }

    @Override
    public @Nullable Row next() {
        var found = record();
        return found == null ? null : read(found);
    }

    @Override
    public boolean skip() {
        return record() != null;
    }

    private Row read(CsvRecord cells) {
        var errors = new ArrayList<ProblemError>();
        var values = new HashMap<String, @Nullable Object>();
        if (cells.getFieldCount() != columns.size()) {
            errors.add(ProblemError.at(
                    "",
                    "wrong-cell-count",
                    "the header has " + columns.size() + " columns, this row " + cells.getFieldCount()));
            return new Row(cells.getStartingLineNumber(), size(cells), null, errors);
        }
        for (var index = 0; index < columns.size(); index++) {
            var cell = cells.getField(index);
            if (cell.indexOf('\uFFFD') >= 0) {
                errors.add(ProblemError.at(
                        "",
                        "wrong-encoding",
                        columns.get(index) + ": this is not in the file's encoding, UTF-8 unless said"));
            } else {
                reader.readCell(columns.get(index), cell, values, errors);
            }
        }
        return new Row(cells.getStartingLineNumber(), size(cells), new FieldChanges(values, false), errors);
    }

    private static long size(CsvRecord cells) {
        return cells.getFields().stream().mapToLong(String::length).sum();
    }

    private List<String> header() {
        var header = record();
        if (header == null) {
            throw Problem.invalid("", "required", "The file is empty; its first line should name the fields");
        }
        var names = new ArrayList<String>();
        var errors = new ArrayList<ProblemError>();
        for (var cell : header.getFields()) {
            try {
                names.add(reader.column(cell.strip()));
            } catch (Unfit unfit) {
                errors.add(ProblemError.at("", unfit.code(), unfit.detail()));
            }
        }
        if (errors.isEmpty() && new HashSet<>(names).size() < names.size()) {
            errors.add(ProblemError.at("", "duplicate", "a field is named by two columns"));
        }
        if (errors.isEmpty() && !names.contains("externalId")) {
            errors.add(ProblemError.at("", "required", "the column externalId is needed"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return names;
    }

    private @Nullable CsvRecord record() {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException malformed) {
            throw new Problem(
                    ProblemType.MALFORMED_REQUEST,
                    "The file cannot be read as CSV to its end: a quote is not closed, or a cell is too long");
        }
    }
}
