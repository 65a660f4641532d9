package sojourn.app.segments;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.CsvOutput;
import sojourn.app.platform.Json;
import sojourn.app.segments.SegmentMembers.Filter;
import sojourn.app.segments.SegmentMembers.Member;

/**
 * Writes all members of one moment, however many they are: page by page, each read in a transaction of its own that is over
 * before the page is written. So a slow reader holds no connection to the database, and sees one membership all the same,
 * for stays are kept when they end. What is shown of the contacts is of the moment at which their page is read.
 */
final class MembersExport {

    private static final int PAGE = 1_000;
    private static final ObjectMapper JSON = Json.mapper();

    private final Jdbi jdbi;
    private final ContactStates states;

    MembersExport(Jdbi jdbi, ContactStates states) {
        this.jdbi = jdbi;
        this.states = states;
    }

    /**
     * What is to be exported.
     *
     * @param filter its {@code asOf} is a moment as of which nothing changes any more
     * @param past whether to tell who has left since
     */
    record Wish(Segment segment, Filter filter, ChosenAttributes attributes, boolean past) {}

    private record Rows(List<SegmentMembers.Row> rows, Map<Long, Map<String, @Nullable Object>> attributes) {}

    /** Takes one member after the other. */
    @FunctionalInterface
    private interface Lines {
        void write(Member member, Map<String, @Nullable Object> attributes) throws IOException;
    }

    void csv(Wish wish, OutputStream out) throws IOException {
        var names = wish.attributes().names();
        try (var csv = new CsvOutput(out)) {
            var header = new ArrayList<>(List.of("contactId", "externalId", "joinedAt"));
            if (wish.past()) {
                header.add("leftAt");
            }
            header.addAll(names);
            csv.row(header);
            each(wish, (member, values) -> {
                var cells = new ArrayList<@Nullable Object>();
                cells.add(member.contactId());
                cells.add(member.externalId());
                cells.add(member.joinedAt());
                if (wish.past()) {
                    cells.add(member.leftAt());
                }
                names.forEach(name -> cells.add(values.get(name)));
                csv.row(cells);
            });
        }
    }

    void ndjson(Wish wish, OutputStream out) throws IOException {
        each(wish, (member, values) -> {
            var line = new LinkedHashMap<String, @Nullable Object>();
            line.put("contactId", member.contactId());
            line.put("externalId", member.externalId());
            line.put("joinedAt", member.joinedAt());
            if (wish.past() && member.leftAt() != null) {
                line.put("leftAt", member.leftAt());
            }
            if (!wish.attributes().names().isEmpty()) {
                line.put("attributes", values);
            }
            out.write(JSON.writeValueAsBytes(line));
            out.write('\n');
        });
    }

    private void each(Wish wish, Lines lines) throws IOException {
        var after = 0L;
        for (var more = true; more; ) {
            var page = page(wish, after);
            for (var row : page.rows()) {
                lines.write(row.member(), page.attributes().getOrDefault(row.contact(), Map.of()));
                after = row.contact();
            }
            more = page.rows().size() == PAGE;
        }
    }

    private Rows page(Wish wish, long after) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            var segment = wish.segment().id();
            if (handle.attach(SegmentDao.class).getAll(new int[] {segment}).isEmpty()) {
                // What has been written is not to be taken for all.
                throw new IllegalStateException("The segment was deleted while its members were exported");
            }
            var rows = SegmentMembers.statement(segment, wish.filter(), after)
                    .add(Statement.of(" limit ?", PAGE))
                    .query(handle)
                    .map((row, _) -> SegmentMembers.Row.read(row))
                    .list();
            var contacts = rows.stream().map(SegmentMembers.Row::contact).toList();
            return new Rows(rows, wish.attributes().read(handle, states, contacts));
        });
    }
}
