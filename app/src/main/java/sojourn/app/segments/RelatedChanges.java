package sojourn.app.segments;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.language.Hop;
import sojourn.app.segments.language.Needs;

/**
 * Carries changes of related records to the contacts whose segments ask about them. Word of a record becomes word of the
 * contacts at the beginning of each path that leads to its type, in one transaction.
 *
 * <p>A link tells of both its ends when it comes or goes. So whatever a path lost or gained, the part of it between the
 * contact and the change is still there to be walked back; where it is not, its own change was told likewise.
 */
final class RelatedChanges {

    private static final int MOST_ROWS = 50;

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Changes changes;

    RelatedChanges(Jdbi jdbi, Vocabulary vocabulary, Changes changes) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.changes = changes;
    }

    /** @param names of records that are gone */
    private record Row(short type, List<Long> records, List<String> names, String cause, Instant at) {}

    /** Carries some of what waits; says whether there was anything. */
    boolean run() {
        if (!anyWaiting()) {
            return false;
        }
        var carried = Transactions.in(jdbi, this::carry);
        if (carried > 0) {
            changes.kick();
        }
        return carried > 0;
    }

    private boolean anyWaiting() {
        return jdbi.withHandle(handle -> handle.select("select exists (select from record_change)")
                .mapTo(Boolean.class)
                .one());
    }

    private int carry(Handle handle) {
        var rows = take(handle);
        if (rows.isEmpty()) {
            return 0;
        }
        var words = vocabulary.read(handle);
        var paths = followed(handle, words);
        for (var row : together(rows)) {
            var type = words.profileType(row.type());
            type.ifPresent(key -> {
                tell(handle, words, leadingTo(key, row.cause(), paths), key, row.records(), row.at());
                if (row.cause().equals(Changes.PROFILE)) {
                    tellFollowing(handle, words, key, row);
                }
            });
        }
        return rows.size();
    }

    /** What rows of one type and cause name together, so that nobody is told twice; as late as the latest of them. */
    private static Collection<Row> together(List<Row> rows) {
        var joined = new LinkedHashMap<String, Row>();
        for (var row : rows) {
            joined.merge(row.type() + " " + row.cause(), row, (one, other) -> {
                var records = new HashSet<>(one.records());
                records.addAll(other.records());
                var names = new HashSet<>(one.names());
                names.addAll(other.names());
                var at = one.at().isAfter(other.at()) ? one.at() : other.at();
                return new Row(one.type(), List.copyOf(records), List.copyOf(names), one.cause(), at);
            });
        }
        return joined.values();
    }

    private static List<Row> take(Handle handle) {
        return handle.createQuery("""
                        delete from record_change
                        where seq in (select seq from record_change order by seq limit :most for update skip locked)
                        returning type_id, record_ids, names, cause, at
                        """)
                .bind("most", MOST_ROWS)
                .map((row, _) -> new Row(
                        row.getShort("type_id"),
                        List.of((Long[]) row.getArray("record_ids").getArray()),
                        List.of((String[]) row.getArray("names").getArray()),
                        row.getString("cause"),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    private static void tellFollowing(Handle handle, Vocabulary.Words words, String type, Row row) {
        for (var following : FollowingContacts.to(handle, words, type)) {
            var contacts = FollowingContacts.contacts(words, following, row.records(), row.names());
            SegmentChanges.related(handle, contacts, type, row.at());
        }
    }

    /** The paths of every segment that is evaluated or about to be, of edits that wait to be saved too. */
    private static Set<List<Hop>> followed(Handle handle, Vocabulary.Words words) {
        var paths = new HashSet<List<Hop>>();
        for (var segment : handle.attach(SegmentDao.class).mentioning("traverse")) {
            for (var query : References.queries(segment)) {
                words.parseIfUnderstood(query)
                        .ifPresent(parsed -> paths.addAll(Needs.of(parsed).paths()));
            }
        }
        return paths;
    }

    /** Other contacts may be related to those of a batch, which are looked at anyway. */
    static void throughContacts(Handle handle, Vocabulary.Words words, ChangeBatch batch, Instant at) {
        var byCause = new HashMap<String, List<Long>>();
        batch.reasons()
                .forEach((contact, reasons) -> reasons.ofRelated()
                        .forEach(cause -> byCause.computeIfAbsent(cause, _ -> new ArrayList<>())
                                .add(contact)));
        if (!byCause.isEmpty()) {
            var paths = followed(handle, words);
            byCause.forEach((cause, contacts) -> tell(
                    handle, words, leadingTo(ProfileTypes.CONTACT, cause, paths), ProfileTypes.CONTACT, contacts, at));
        }
    }

    private static void tell(
            Handle handle,
            Vocabulary.Words words,
            Collection<List<Hop>> paths,
            String type,
            Collection<Long> records,
            Instant at) {
        for (var path : paths) {
            SegmentChanges.related(handle, contacts(words, path, records), type, at);
        }
    }

    /** Those of these contacts from which a segment comes to a record of which word still waits. */
    static Set<Long> awaiting(Handle handle, Vocabulary.Words words, Needs needs, Set<Long> contacts) {
        if (needs.paths().isEmpty() && needs.follows().isEmpty()) {
            return Set.of();
        }
        var found = new HashSet<Long>();
        for (var row : waiting(handle, words)) {
            var type = words.profileType(row.type()).orElse("");
            for (var path : leadingTo(type, Changes.PROFILE, needs.paths())) {
                found.addAll(among(contacts, contacts(words, path, row.records()), handle));
            }
            for (var following : needs.follows()) {
                if (following.leadsTo(type)) {
                    var reached = FollowingContacts.contacts(words, following, row.records(), row.names());
                    found.addAll(among(contacts, reached, handle));
                }
            }
        }
        return found;
    }

    /** One row for each type of records of which word waits, contacts included. */
    private static List<Row> waiting(Handle handle, Vocabulary.Words words) {
        return handle.createQuery("""
                        select :contact::smallint as type_id, array_agg(distinct contact) as records, '{}'::text[] as names
                        from change, unnest(contact_ids) as contact
                        where consumer = 'segments'
                        union all
                        select type_id, array_agg(distinct record) filter (where record is not null),
                               array_agg(distinct name) filter (where name is not null)
                        from record_change left join unnest(record_ids) as record on true
                             left join unnest(names) as name on true
                        group by type_id
                        """)
                .bind("contact", words.profileTypeIds().get(ProfileTypes.CONTACT))
                .map((row, _) -> new Row(
                        row.getShort("type_id"),
                        row.getArray("records") == null
                                ? List.of()
                                : List.of((Long[]) row.getArray("records").getArray()),
                        row.getArray("names") == null
                                ? List.of()
                                : List.of((String[]) row.getArray("names").getArray()),
                        Changes.PROFILE,
                        Instant.EPOCH))
                .list();
    }

    private static List<Long> among(Set<Long> contacts, Statement reached, Handle handle) {
        return Statement.of("select contact from (")
                .add(reached)
                .add(Statement.of(") as reached where contact = any(?)", (Object) contacts.toArray(Long[]::new)))
                .query(handle)
                .mapTo(Long.class)
                .list();
    }

    /**
     * The beginnings of paths, each once, that end at a type and may answer otherwise for this cause: all when a record
     * itself changed; when its links by a relationship did, those that go on by it. A path that came by it begins nearer
     * to the contact, where the other end of the link tells of itself.
     */
    private static Set<List<Hop>> leadingTo(String type, String cause, Collection<List<Hop>> paths) {
        var leading = new HashSet<List<Hop>>();
        for (var path : paths) {
            for (var end = 1; end <= path.size(); end++) {
                if (path.get(end - 1).to().equals(type)
                        && (cause.equals(Changes.PROFILE) || goesOnBy(cause, path, end))) {
                    leading.add(path.subList(0, end));
                }
            }
        }
        return leading;
    }

    private static boolean goesOnBy(String cause, List<Hop> path, int at) {
        return at < path.size()
                && Cause.of(cause) instanceof Cause.Link(var relationship)
                && path.get(at).relationship().equals(relationship);
    }

    /** The contacts from which a path leads to one of these records, as a query with the column {@code contact}. */
    private static Statement contacts(Vocabulary.Words words, List<Hop> path, Collection<Long> records) {
        var statement = Statement.of("select distinct l0." + near(path.getFirst()) + " as contact from link l0");
        for (var i = 1; i < path.size(); i++) {
            statement = statement.add(Statement.of(
                    " join link l%1$d on l%1$d.relationship_id = ? and l%1$d.%2$s = l%3$d.%4$s"
                            .formatted(i, near(path.get(i)), i - 1, far(path.get(i - 1))),
                    words.relationship(path.get(i).relationship())));
        }
        var last = path.size() - 1;
        return statement.add(Statement.of(
                " where l0.relationship_id = ? and l%d.%s = any(?)".formatted(last, far(path.getLast())),
                words.relationship(path.getFirst().relationship()),
                records.toArray(Long[]::new)));
    }

    private static String near(Hop hop) {
        return hop.forward() ? "from_id" : "to_id";
    }

    private static String far(Hop hop) {
        return hop.forward() ? "to_id" : "from_id";
    }
}
