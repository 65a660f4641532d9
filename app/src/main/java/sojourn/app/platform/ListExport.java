package sojourn.app.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a whole list as it is read: as CSV, or with an object a line as NDJSON. It is read page by page, by the keys of its
 * order, and each page is there before it is written; so a slow reader holds no connection to the database.
 */
public final class ListExport {

    public static final String CSV = CsvOutput.MEDIA_TYPE;
    public static final String NDJSON = "application/x-ndjson";

    /** For {@code @Produces} beside JSON, which whoever accepts anything gets. */
    public static final String ALSO_CSV = CSV + ";qs=0.2";

    public static final String ALSO_NDJSON = NDJSON + ";qs=0.1";

    private static final Logger log = LoggerFactory.getLogger(ListExport.class);
    private static final ObjectMapper JSON = Json.mapper();

    private ListExport() {}

    /** Answers the page behind a cursor, the first one for null. */
    @FunctionalInterface
    public interface Pages<T> {
        Page<T> after(@Nullable String cursor);
    }

    /**
     * A list in the form that is accepted first.
     *
     * @param name of the file that a browser makes of it
     * @param columns of the table: where a cell stands in an item's JSON, {@code address.city}
     */
    public static <T> Response answer(HttpHeaders accepting, String name, List<String> columns, Pages<T> pages) {
        for (var accepted : accepting.getAcceptableMediaTypes()) {
            if (accepted.isCompatible(new MediaType("text", "csv"))) {
                break;
            }
            if (accepted.isCompatible(new MediaType("application", "x-ndjson"))) {
                return answer(NDJSON, name + ".ndjson", pages, ListExport::ndjson);
            }
        }
        return answer(CSV + ";charset=UTF-8", name + ".csv", pages, (first, out) -> csv(first, columns, out));
    }

    /** What was read already, and where the rest is. */
    private record Reading<T>(Page<T> first, Pages<T> pages) {

        void each(Items<T> items) throws IOException {
            items.take(first.items());
            for (var next = first.next(); next != null; ) {
                var page = pages.after(next);
                items.take(page.items());
                next = page.next();
            }
        }
    }

    @FunctionalInterface
    private interface Items<T> {
        void take(List<T> items) throws IOException;
    }

    @FunctionalInterface
    private interface Form<T> {
        void write(Reading<T> reading, OutputStream out) throws IOException;
    }

    /** What is wrong with the request shows in the first page, before anything is answered. */
    private static <T> Response answer(String type, String file, Pages<T> pages, Form<T> form) {
        var reading = new Reading<>(pages.after(null), pages);
        return Response.ok(untilReaderLeaves(out -> form.write(reading, out)), type)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file + "\"")
                .build();
    }

    /** That a reader goes away is no fault of ours; what fails here breaks the connection, so that nobody takes it for all. */
    private static StreamingOutput untilReaderLeaves(StreamingOutput output) {
        return out -> {
            try {
                output.write(out);
            } catch (IOException | UncheckedIOException gone) {
                log.info("the reader of an export went away");
            }
        };
    }

    private static <T> void ndjson(Reading<T> reading, OutputStream out) throws IOException {
        reading.each(items -> {
            for (var item : items) {
                out.write(JSON.writeValueAsBytes(item));
                out.write('\n');
            }
        });
    }

    private static <T> void csv(Reading<T> reading, List<String> columns, OutputStream out) throws IOException {
        var places =
                columns.stream().map(column -> "/" + column.replace('.', '/')).toList();
        try (var csv = new CsvOutput(out)) {
            csv.row(columns);
            reading.each(items -> {
                for (var item : items) {
                    var tree = JSON.valueToTree(item);
                    var cells = new ArrayList<@Nullable Object>(places.size());
                    places.forEach(place -> cells.add(cell(tree.at(place))));
                    csv.row(cells);
                }
            });
        }
    }

    private static @Nullable Object cell(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> null;
            case NUMBER -> value.isDouble() ? value.numberValue() : new BigDecimal(value.asText());
            case BOOLEAN -> value.booleanValue();
            case ARRAY -> {
                var several = new ArrayList<String>();
                value.forEach(one -> several.add(one.isValueNode() ? one.asText() : one.toString()));
                yield several;
            }
            case STRING -> value.textValue();
            case OBJECT, POJO, BINARY -> value.toString();
        };
    }
}
