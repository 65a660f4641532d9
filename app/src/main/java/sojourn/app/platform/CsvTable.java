package sojourn.app.platform;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** An upload in CSV (RFC 4180), row by row, empty lines passed over. */
public final class CsvTable {

    private static final int LONGEST_CELL = 1 << 20;

    private final Iterator<CsvRecord> records;

    public CsvTable(InputStream in, Charset charset) {
        this.records = CsvReader.builder()
                .detectBomHeader(true)
                .maxBufferSize(LONGEST_CELL)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(in, charset)
                .iterator();
    }

    /** The charset that a media type names, UTF-8 where it names none. */
    public static Charset charset(MediaType type) {
        var name = type.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "UTF-8");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            throw new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "There is no character set " + name);
        }
    }

    /** The first row, which names the columns. */
    public CsvRecord header() {
        var header = next();
        if (header == null) {
            throw Problem.invalid("", "required", "The file is empty; its first line should name the fields");
        }
        return header;
    }

    /** The next row; null when there is none. */
    public @Nullable CsvRecord next() {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException malformed) {
            throw new Problem(
                    ProblemType.MALFORMED_REQUEST,
                    "The file cannot be read as CSV to its end: a quote is not closed, or a cell is too long");
        }
    }

    /** How long a row is, in characters. */
    public static long size(CsvRecord row) {
        return row.getFields().stream().mapToLong(String::length).sum();
    }

    /** Whether a cell is not in the encoding that the upload was read in. */
    public static boolean isGarbled(String cell) {
        return cell.indexOf('\uFFFD') >= 0;
    }
}
