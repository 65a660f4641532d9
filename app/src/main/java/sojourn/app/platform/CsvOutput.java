package sojourn.app.platform;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table written as CSV (RFC 4180), as imports read it. People open such files in spreadsheets, so a text that one would
 * take for a formula has an apostrophe put before it.
 */
public final class CsvOutput implements Closeable {

    public static final String MEDIA_TYPE = "text/csv";

    /**
     * What a spreadsheet takes for the beginning of a formula, some of them after a tab or a line break; and what looks as if
     * it had been kept from that before.
     */
    private static final Pattern GUARDED = Pattern.compile("^'*[=+\\-@\t\r]");

    private final CsvWriter writer;

    public CsvOutput(OutputStream out) {
        writer = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    /** Texts, numbers, dates and whatever else says itself what it is; several in one cell as a list; null for none. */
    public void row(List<? extends @Nullable Object> cells) {
        var texts = new ArrayList<String>(cells.size());
        cells.forEach(cell -> texts.add(text(cell)));
        writer.writeRecord(texts);
    }

    public void flush() throws IOException {
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static String text(@Nullable Object cell) {
        return switch (cell) {
            case null -> "";
            case BigDecimal number -> number.toPlainString();
            case List<?> several ->
                harmless(String.join(";", several.stream().map(String::valueOf).toList()));
            case String text -> harmless(text);
            case Object other -> other.toString();
        };
    }

    private static String harmless(String text) {
        return GUARDED.matcher(text).find() ? "'" + text : text;
    }

    /** A cell as it was before an apostrophe was put there. */
    public static String plain(String cell) {
        return cell.startsWith("'") && GUARDED.matcher(cell).find() ? cell.substring(1) : cell;
    }
}
