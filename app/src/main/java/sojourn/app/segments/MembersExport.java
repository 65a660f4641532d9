package sojourn.app.segments;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.CsvOutput;
import sojourn.app.platform.Json;
import sojourn.app.segments.SegmentMembers.Member;

/**
 * Writes all members of one moment as they come from the database, however many they are. A reader that goes away ends
 * the writing, and with it the transaction and its query.
 */
final class MembersExport {

    private static final int ROWS_AT_ONCE = 1_000;
    private static final ObjectMapper JSON = Json.mapper();

    private final Jdbi jdbi;
    private final ContactStates states;

    MembersExport(Jdbi jdbi, ContactStates states) {
        this.jdbi = jdbi;
        this.states = states;
    }

    /** Takes one member after the other. */
    @FunctionalInterface
    private interface Lines {
        void write(Member member, Map<String, @Nullable Object> attributes) throws IOException;
    }

    void csv(Statement members, ChosenAttributes attributes, boolean past, OutputStream out) throws IOException {
        try (var csv = new CsvOutput(out)) {
            var header = new ArrayList<>(List.of("contactId", "externalId", "joinedAt"));
            if (past) {
                header.add("leftAt");
            }
            header.addAll(attributes.names());
            csv.row(header);
            each(members, attributes, (member, values) -> {
                var cells = new ArrayList<@Nullable Object>();
                cells.add(member.contactId());
                cells.add(member.externalId());
                cells.add(member.joinedAt());
                if (past) {
                    cells.add(member.leftAt());
                }
                attributes.names().forEach(name -> cells.add(values.get(name)));
                csv.row(cells);
            });
        }
    }

    void ndjson(Statement members, ChosenAttributes attributes, OutputStream out) throws IOException {
        each(members, attributes, (member, values) -> {
            var line = new LinkedHashMap<String, @Nullable Object>();
            line.put("contactId", member.contactId());
            line.put("externalId", member.externalId());
            line.put("joinedAt", member.joinedAt());
            if (member.leftAt() != null) {
                line.put("leftAt", member.leftAt());
            }
            if (!attributes.names().isEmpty()) {
                line.put("attributes", values);
            }
            out.write(JSON.writeValueAsBytes(line));
            out.write('\n');
        });
    }

    /** Holds no more than some rows at a time: a cursor stays open while their attributes are read beside it. */
    private void each(Statement members, ChosenAttributes attributes, Lines lines) throws IOException {
        jdbi.useTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            var query = members.query(handle).setFetchSize(ROWS_AT_ONCE);
            try (var rows = query.map((row, _) -> SegmentMembers.Row.read(row)).iterator()) {
                var some = new ArrayList<SegmentMembers.Row>();
                while (rows.hasNext()) {
                    some.add(rows.next());
                    if (some.size() == ROWS_AT_ONCE || !rows.hasNext()) {
                        write(handle, some, attributes, lines);
                        some.clear();
                    }
                }
            }
        });
    }

    private void write(Handle handle, List<SegmentMembers.Row> rows, ChosenAttributes attributes, Lines lines)
            throws IOException {
        var contacts = rows.stream().map(SegmentMembers.Row::contact).toList();
        var values = attributes.read(handle, states, contacts);
        for (var row : rows) {
            lines.write(row.member(), values.getOrDefault(row.contact(), Map.of()));
        }
    }
}
