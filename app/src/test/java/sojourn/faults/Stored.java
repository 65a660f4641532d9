package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import sojourn.app.platform.Json;
import sojourn.faults.Facts.Happening;
import sojourn.faults.Facts.Person;
import sojourn.faults.Facts.Registration;

/** Holds the rows behind memberships against what was taken, against each other, and against what {@link Halts} kept. */
final class Stored {

    private static final String HEARD = """
            with heard as (
                select segment_id, seq, at, unnest(joined) as contact_id, true as joins from kept.announced
                union all
                select segment_id, seq, at, unnest(left_), false from kept.announced),
            ordered as (
                select *, lag(joins) over turns as before, lead(at) over turns as next_at
                from heard
                window turns as (partition by segment_id, contact_id order by seq)),
            intervals as (
                select segment_id, contact_id, joined_at, null::timestamptz as left_at from membership
                union all
                select segment_id, contact_id, joined_at, left_at from past_membership),
            announced as (
                select segment_id, contact_id, at as joined_at, next_at as left_at from ordered where joins)
            """;

    private final Jdbi jdbi;
    private final Facts facts;

    Stored(Jdbi jdbi, Facts facts) {
        this.jdbi = jdbi;
        this.facts = facts;
    }

    static String text(String json, String pointer) {
        try {
            return Json.mapper().readTree(json).at(pointer).asText();
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }

    /** The load rests. */
    String check() {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            whatWasTakenIsThere(handle);
            changesAreTheIntervals(handle);
            evaluationsAgree(handle);
            jobsEndedOnce(handle);
            whoJoinedHasEnteredOnce(handle);
            return handle.select("""
                            select (select count(*) from interaction) || ' interactions, ' || (select count(*) from kept.announced)
                                || ' changes of ' || (select sum(cardinality(joined) + cardinality(left_)) from kept.announced)
                                || ' memberships, ' || (select count(*) from evaluation) || ' evaluations, '
                                || (select count(*) from job) || ' jobs, ' || (select count(*) from run) || ' runs'
                            """).mapTo(String.class).one();
        });
    }

    private void whatWasTakenIsThere(Handle handle) {
        var happenings = new HashMap<Integer, HashSet<Happening>>();
        handle.select("""
                        select c.external_id::integer as person, i.id, t.key, i.occurred_at, (i.properties ->> 'amount')::integer as amount
                        from interaction i join interaction_type t on t.id = i.type_id join contact c on c.id = i.contact_id
                        where t.key in ('Purchase', 'Visit')
                        """)
                .map((row, _) -> Map.entry(
                        row.getInt("person"),
                        new Happening(
                                row.getString("id"),
                                row.getString("key"),
                                row.getObject("occurred_at", OffsetDateTime.class)
                                        .toInstant(),
                                row.getInt("amount"))))
                .forEach(each -> assertThat(happenings
                                .computeIfAbsent(each.getKey(), _ -> new HashSet<>())
                                .add(each.getValue()))
                        .as("stored once: " + each)
                        .isTrue());
        facts.happenings.forEach((person, sent) -> assertThat(happenings.getOrDefault(person, new HashSet<>()))
                .as("interactions of " + person)
                .isEqualTo(new HashSet<>(sent)));
        assertThat(handle.select("""
                        select external_id::integer as person, attributes ->> 'tier' as tier,
                               (attributes ->> 'score')::integer as score, attributes ->> 'account' as account
                        from contact
                        """)
                        .map((row, _) -> Map.entry(
                                row.getInt("person"),
                                new Person(row.getString("tier"), row.getInt("score"), row.getString("account"))))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .isEqualTo(facts.people);
        recordsAreThere(handle);
    }

    private void recordsAreThere(Handle handle) {
        assertThat(pairs(handle, """
                        select external_id, attributes ->> 'industry' from profile
                        where type_id = (select id from profile_type where key = 'account')
                        """)).isEqualTo(facts.industries);
        assertThat(handle.select("""
                        select p.external_id || '/' || c.external_id
                        from link l join profile p on p.id = l.to_id join contact c on c.id = l.from_id
                        where l.relationship_id = (select id from relationship where key = 'contact_marketing_list')
                        """).mapTo(String.class).set()).isEqualTo(facts.listed);
        assertThat(pairs(handle, """
                        select external_id, attributes ->> 'contact' || ' ' || (attributes ->> 'status') from profile
                        where type_id = (select id from profile_type where key = 'event_registration')
                        """))
                .isEqualTo(facts.registrations.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> text(entry.getValue()))));
        assertThat(pairs(handle, """
                        select c.external_id, o.kind from segment_override o join contact c on c.id = o.contact_id
                        """))
                .isEqualTo(facts.decisions.entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().toString(), Map.Entry::getValue)));
    }

    private static String text(Registration registration) {
        return registration.person() + " " + registration.status();
    }

    private static Map<String, String> pairs(Handle handle, String sql) {
        return handle.select(sql)
                .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Joins and leaves alternate in the order in which they were announced, and are the intervals; each was taken once. */
    private static void changesAreTheIntervals(Handle handle) {
        none(
                handle,
                "announcements out of turn",
                HEARD + "select * from ordered where joins = coalesce(before, false)");
        none(handle, "announcements back in time", HEARD + "select * from ordered where next_at < at");
        none(
                handle,
                "intervals that nobody heard of",
                HEARD + "select * from intervals except all select * from announced");
        none(
                handle,
                "announced, and no interval",
                HEARD + "select * from announced except all select * from intervals");
        none(handle, "announcements lost", """
                select seq from kept.announced
                except all (select seq from kept.taken union all select seq from membership_change)
                """);
        none(handle, "announcements taken twice", """
                (select seq from kept.taken union all select seq from membership_change)
                except all select seq from kept.announced
                """);
    }

    private static void evaluationsAgree(Handle handle) {
        none(handle, "drift", "select * from evaluation where drift <> 0");
        none(handle, "evaluations that do not say what they did", """
                select e.*, k.counted, moved.came, moved.went
                from evaluation e
                left join kept.evaluated k on k.id = e.id
                cross join lateral (
                    select coalesce(sum(cardinality(a.joined)), 0) as came, coalesce(sum(cardinality(a.left_)), 0) as went
                    from kept.announced a where a.transaction = k.transaction) as moved
                where e.size is distinct from k.counted or e.joined <> moved.came or e.left_ <> moved.went
                """);
    }

    private void jobsEndedOnce(Handle handle) {
        none(handle, "jobs that did not succeed", "select * from job where state not in ('succeeded', 'uploading')");
        var done = handle.select("""
                        select input ->> 'syncId' as sync, result from job
                        where input ->> 'syncId' is not null and state = 'succeeded' and not result ? 'repeated'
                        union all
                        select sync_id, result from member_sync
                        """.replace("result ?", "result ??"))
                .map((row, _) -> row.getString(1) + " " + counts(row.getString(2)))
                .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
        assertThat(done)
                .as("each sync was done by one job, and says the same")
                .isEqualTo(facts.syncs.entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> entry.getKey() + " " + new TreeMap<>(entry.getValue()), _ -> 2L)));
    }

    private static String counts(String json) {
        try {
            var counts = new TreeMap<String, Long>();
            Json.mapper()
                    .readTree(json)
                    .properties()
                    .forEach(each -> counts.put(each.getKey(), each.getValue().longValue()));
            return counts.toString();
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }

    /** Whoever ever joined the audience has one run. */
    private static void whoJoinedHasEnteredOnce(Handle handle) {
        var joined = """
                select distinct unnest(joined) from kept.announced
                where segment_id = (select id from segment where key = 'going')
                  and seq not in (select seq from membership_change)
                """;
        none(handle, "joined and not entered", joined + " except all select contact_id from run");
        none(handle, "entered and not joined, or twice", "select contact_id from run except all (" + joined + ")");
    }

    private static void none(Handle handle, String what, String sql) {
        assertThat(handle.createQuery(sql + " limit 10").mapToMap().list())
                .as(what)
                .isEmpty();
    }
}
