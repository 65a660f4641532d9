package sojourn.app.segments;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.util.Duration;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Merges;
import sojourn.app.security.Deed;
import sojourn.app.segments.language.NamedRecord;

/** Everything that evaluates segments on one database, run by hand and by a clock that stands still. */
final class Engine {

    static final Deed TEST = Deed.by("test");
    static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    final Jdbi jdbi;
    final Vocabulary vocabulary;
    final Changes changes = new Changes();
    final MembershipChanges membershipChanges = new MembershipChanges();
    final ContactStates states;
    final SegmentEditor editor;
    final SegmentLifecycle lifecycle;
    final IncrementalEvaluation incremental;
    final RelatedChanges related;
    final ClockPass clockPass;
    final FullEvaluation full;
    final StaticMembers staticMembers;
    final Scopes scopes;
    final MetricRegistry metrics = new MetricRegistry();

    volatile Instant now = START;
    private int interactions;

    Engine(Jdbi jdbi) {
        this(jdbi, new Scopes(true));
    }

    Engine(Jdbi jdbi, Scopes scopes) {
        this(jdbi, scopes, Duration.seconds(30));
    }

    /** @param timeLimit how long an evaluation may take */
    Engine(Jdbi jdbi, Scopes scopes, Duration timeLimit) {
        this.jdbi = jdbi;
        this.scopes = scopes;
        InstantSource clock = () -> now;
        var settings = new EvaluationSettings(
                ZoneId.of("Europe/Berlin"),
                Duration.days(1),
                Duration.minutes(10),
                timeLimit,
                Duration.seconds(5),
                1,
                true,
                1000);
        vocabulary = new Vocabulary(jdbi);
        states = new ContactStates(vocabulary);
        editor = new SegmentEditor(jdbi, vocabulary, new References(), scopes, settings.timeZone(), clock);
        lifecycle = new SegmentLifecycle(
                jdbi,
                vocabulary,
                new References(),
                new SegmentUses(),
                new SegmentQuota(settings.quota(), vocabulary, new SegmentUses()),
                clock);
        incremental = new IncrementalEvaluation(
                jdbi, vocabulary, states, membershipChanges, scopes, new Merges(), clock, metrics);
        related = new RelatedChanges(jdbi, vocabulary, changes);
        clockPass = new ClockPass(jdbi, vocabulary, changes, clock);
        full = new FullEvaluation(jdbi, vocabulary, changes, membershipChanges, scopes, clock, settings, metrics);
        staticMembers = new StaticMembers(jdbi, new Contacts(), changes, membershipChanges, scopes, clock);
        jdbi.useHandle(handle -> {
            handle.execute("""
                    insert into interaction_type (key, properties)
                    values ('Purchase', '{"amount": "number", "product": {"type": "lookup", "lookup": "product"}}')
                    on conflict do nothing
                    """);
            handle.execute("insert into profile_type (key) values ('product') on conflict do nothing");
            handle.execute("""
                    insert into profile_attribute (profile_type, key, type, position) values ('product', 'category', 'text', 1)
                    on conflict do nothing
                    """);
            handle.execute("""
                    insert into profile_attribute (profile_type, key, type, position) values ('contact', 'age', 'number', 1)
                    on conflict do nothing
                    """);
        });
    }

    void segment(String key, String query) {
        editor.create(NewSegment.of(key, SegmentKind.DYNAMIC, query), TEST);
    }

    void live(String key, String query, String zone) {
        editor.create(new NewSegment(key, null, null, null, zone, query, null, null, null, null, null, null), TEST);
        goLive(key);
    }

    void live(String key, String query) {
        segment(key, query);
        goLive(key);
    }

    void goLive(String key) {
        lifecycle.goLive(key, null, TEST);
        full.runIfDue(key);
    }

    Segment get(String key) {
        return jdbi.withExtension(SegmentDao.class, segments -> segments.find(key))
                .orElseThrow();
    }

    /** Makes a contact, and leaves word of it. */
    long contact(@Nullable Integer age) {
        return jdbi.inTransaction(handle -> {
            var id = handle.createQuery("""
                            insert into contact (attributes, created_at, updated_at)
                            values (jsonb_strip_nulls(jsonb_build_object('age', :age::int)), :now::timestamptz, :now::timestamptz)
                            returning id
                            """)
                    .bind("age", age)
                    .bind("now", now)
                    .mapTo(Long.class)
                    .one();
            changes.record(handle, List.of(id), Set.of(Changes.PROFILE), now);
            return id;
        });
    }

    void setAge(long contact, @Nullable Integer age) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate(
                            "update contact set attributes = jsonb_strip_nulls(jsonb_build_object('age', :age::int)) where id = :id")
                    .bind("age", age)
                    .bind("id", contact)
                    .execute();
            changes.record(handle, List.of(contact), Set.of(Changes.PROFILE), now);
        });
    }

    void erase(long contact) {
        jdbi.useTransaction(handle -> {
            handle.execute("update contact set state = 'erased' where id = ?", contact);
            changes.record(handle, List.of(contact), Set.of(Changes.PROFILE), now);
        });
    }

    void purchase(long contact, Instant at, int amount) {
        interaction(contact, "Purchase", at, BigDecimal.valueOf(amount));
    }

    void interaction(long contact, String type, Instant at, @Nullable BigDecimal amount) {
        interactions++;
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                            insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, properties)
                            select :contact, :at::timestamptz, :now::timestamptz, id, gen_random_uuid(), :id,
                                   jsonb_strip_nulls(jsonb_build_object('amount', :amount::numeric))
                            from interaction_type where key = :type
                            """)
                    .bind("contact", contact)
                    .bind("at", OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                    .bind("now", now)
                    .bind("id", "i" + interactions)
                    .bind("amount", amount)
                    .bind("type", type)
                    .execute();
            changes.record(handle, List.of(contact), Set.of(type), now);
        });
    }

    /** An interaction that names a record by a property, which a lookup of a profile type keeps in {@code lookups} too. */
    void naming(long contact, String type, Instant at, String property, String name) {
        interaction(contact, type, at, null);
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update interaction
                        set properties = jsonb_build_object(:property::text, :name::text),
                            lookups = case when :property = 'product' then jsonb_build_object(:property::text, :name::text) end
                        where id = :id
                        """)
                .bind("property", property)
                .bind("name", name)
                .bind("id", "i" + interactions)
                .execute());
    }

    /** Makes a product, or gives it another category. */
    void product(String name, String category) {
        jdbi.useTransaction(handle -> {
            var id = handle.createQuery("""
                            insert into profile (type_id, external_id, attributes, folded, created_at, updated_at)
                            select id, :name, jsonb_build_object('category', :category::text),
                                   jsonb_build_object('category', :category::text), :now::timestamptz, :now::timestamptz
                            from profile_type where key = 'product'
                            on conflict (type_id, external_id) do update
                            set attributes = excluded.attributes, folded = excluded.folded
                            returning id
                            """)
                    .bind("name", name)
                    .bind("category", category)
                    .bind("now", now)
                    .mapTo(Long.class)
                    .one();
            changes.recordProfiles(handle, type(handle, "product"), List.of(id), Changes.PROFILE, now);
        });
    }

    /** Takes a product away. */
    void noProduct(String name) {
        jdbi.useTransaction(handle -> {
            handle.execute("delete from profile where external_id = ?", name);
            changes.recordGone(handle, type(handle, "product"), List.of(name), now);
        });
    }

    /** Lets a message of this topic go live. */
    void message(String key, String topic) {
        jdbi.useTransaction(handle ->
                new NamedRecords(jdbi, () -> now).put(handle, NamedRecord.MESSAGE, key, Map.of("topic", topic)));
    }

    /** Makes an account, or gives it another industry. */
    long account(@Nullable Long known, @Nullable String industry) {
        return jdbi.inTransaction(handle -> {
            var id = known;
            if (id == null) {
                id = handle.createQuery("""
                                insert into profile (type_id, created_at, updated_at)
                                select id, :now::timestamptz, :now::timestamptz from profile_type where key = 'account'
                                returning id
                                """).bind("now", now).mapTo(Long.class).one();
            }
            handle.createUpdate("""
                            update profile set attributes = jsonb_strip_nulls(jsonb_build_object('industry', :industry::text)),
                                               folded = jsonb_strip_nulls(jsonb_build_object('industry', :industry::text))
                            where id = :id
                            """).bind("industry", industry).bind("id", id).execute();
            changes.recordProfiles(handle, type(handle, "account"), List.of(id), Changes.PROFILE, now);
            return id;
        });
    }

    /** Says that a contact is of an account, or is not, and leaves word of both. */
    void ofAccount(long contact, long account, boolean is) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate(is ? """
                                      insert into link (relationship_id, from_id, to_id, since)
                                      select id, :contact, :account, now() from relationship where key = 'contact_account'
                                      on conflict do nothing
                                      """ : """
                                      delete from link where from_id = :contact and to_id = :account and relationship_id =
                                        (select id from relationship where key = 'contact_account')
                                      """)
                    .bind("contact", contact)
                    .bind("account", account)
                    .execute();
            changes.record(handle, List.of(contact), Set.of(Changes.RELATIONSHIP + "contact_account"), now);
            changes.recordProfiles(
                    handle, type(handle, "account"), List.of(account), Changes.RELATIONSHIP + "contact_account", now);
        });
    }

    private static short type(Handle handle, String key) {
        return handle.createQuery("select id from profile_type where key = :key")
                .bind("key", key)
                .mapTo(Short.class)
                .one();
    }

    /** Lets the clock stand at another instant and does what falls due by that. */
    void at(Instant instant) {
        now = instant;
        while (clockPass.run()) {
            settle();
        }
        settle();
    }

    /** Applies changes until none is left. */
    void settle() {
        while (related.run() || incremental.run()) {
            // until the queues are empty
        }
    }

    Set<Long> members(String key) {
        var page = jdbi.withHandle(handle -> new Memberships().page(handle, get(key).id(), 0, 1_000_000));
        return new TreeSet<>(page);
    }

    /** Whom the query has by a fresh count in SQL. */
    Set<Long> recount(String key) {
        return jdbi.withHandle(handle -> {
            var segment = get(key);
            var words = vocabulary.read(handle);
            var query = segment.query();
            var condition =
                    Statement.compile(handle, words, words.parse(query == null ? "" : query), now, segment.timeZone());
            return new TreeSet<>(Statement.of("select c.id from contact c where c.state <> 'erased' and ")
                    .add(condition)
                    .query(handle)
                    .mapTo(Long.class)
                    .list());
        });
    }

    /** Joiners and leavers on their way to journeys, in order: {@code +1,2} and {@code -3}. */
    List<String> outbox(String key) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select concat_ws(' ', nullif('+' || array_to_string(joined, ','), '+'),
                                              nullif('-' || array_to_string(left_, ','), '-'))
                        from membership_change where segment_id = :segment order by seq
                        """)
                .bind("segment", get(key).id())
                .mapTo(String.class)
                .list());
    }

    Evaluation lastEvaluation(String key) {
        return jdbi.withHandle(handle -> SegmentReadings.evaluations(handle, get(key).id(), null, 1)
                .items()
                .getFirst());
    }
}
