package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Scope and overrides, by the full evaluation and by the incremental one. */
class BelongingTest {

    private static final String ADULTS = "PROFILE(contact).FILTER(age >= 18)";

    @RegisterExtension
    final Database database = new Database();

    @SuppressWarnings("NullAway.Init")
    private Engine engine;

    @SuppressWarnings("NullAway.Init")
    private Overrides overrides;

    @BeforeEach
    void newEngine() {
        engine = new Engine(database.jdbi());
        overrides = new Overrides(database.jdbi(), new Contacts(), engine.changes, () -> engine.now);
        for (var unit : List.of("north", "south")) {
            database.jdbi().useHandle(handle -> handle.execute("""
                    insert into business_unit (key, name, created_at, created_by, updated_at, updated_by)
                    values (?, '', now(), '', now(), '')
                    """, unit));
        }
    }

    @Test
    void an_override_decides_whatever_the_query_says() {
        var ada = engine.contact(30);
        var kim = engine.contact(7);
        engine.live("adults", ADULTS);

        override("adults", ada, OverrideKind.EXCLUDE);
        override("adults", kim, OverrideKind.INCLUDE);
        engine.settle();
        engine.setAge(kim, 8);
        engine.settle();

        assertThat(engine.members("adults")).containsExactly(kim);
        assertThat(engine.outbox("adults")).containsExactly("+" + ada, "+" + kim + " -" + ada);
        audit("adults");
    }

    @Test
    void an_override_stands_until_it_is_removed() {
        var ada = engine.contact(30);
        engine.segment("adults", ADULTS);
        override("adults", ada, OverrideKind.EXCLUDE);
        engine.goLive("adults");
        assertThat(engine.members("adults")).isEmpty();

        overrides.remove("adults", uuid(ada), Deed.by("test"));
        engine.settle();

        assertThat(engine.members("adults")).containsExactly(ada);
    }

    @Test
    void segments_built_on_it_see_members_with_overrides() {
        var kim = engine.contact(7);
        engine.live("adults", ADULTS);
        engine.live("same", "SEGMENT(adults)");

        override("adults", kim, OverrideKind.INCLUDE);
        engine.settle();

        assertThat(engine.members("same")).containsExactly(kim);
    }

    @Test
    void a_segment_of_a_unit_has_only_its_contacts_included_or_not() {
        var ada = engine.contact(30);
        var bob = engine.contact(31);
        move(ada, "north");
        define("adults", "north", null);
        override("adults", bob, OverrideKind.INCLUDE);
        engine.goLive("adults");
        assertThat(engine.members("adults")).containsExactly(ada);

        move(bob, "north");
        move(ada, "south");
        engine.settle();

        assertThat(engine.members("adults")).containsExactly(bob);
        audit("adults");
    }

    @Test
    void the_owners_unit_is_followed_without_drift() {
        var ada = engine.contact(30);
        var bob = engine.contact(31);
        move(ada, "north");
        move(bob, "south");
        join("eve", "north");
        define("adults", "owner", "eve");
        engine.goLive("adults");
        assertThat(engine.members("adults")).containsExactly(ada);

        join("eve", "south");
        engine.full.runIfDue("adults");

        assertThat(engine.members("adults")).containsExactly(bob);
        assertThat(engine.lastEvaluation("adults"))
                .extracting(Evaluation::kind, Evaluation::drift)
                .containsExactly("scope", 0L);
        assertThat(engine.get("adults").rescoped()).isZero();
        assertThat(engine.get("adults").nextEvaluationAt())
                .isBetween(engine.now.plus(Duration.ofHours(18)), engine.now.plus(Duration.ofDays(1)));
    }

    @Test
    void an_owner_without_a_unit_leaves_nobody() {
        move(engine.contact(30), "north");
        join("eve", "north");
        define("adults", "owner", "eve");
        engine.goLive("adults");

        join("eve", null);
        engine.full.runIfDue("adults");

        assertThat(engine.members("adults")).isEmpty();
    }

    @Test
    void an_edit_of_the_scope_is_evaluated_when_it_is_saved() {
        var ada = engine.contact(30);
        engine.contact(31);
        move(ada, "north");
        engine.live("adults", ADULTS);
        engine.settle();
        var edit = engine.editor.edit("adults", null, Engine.TEST);

        engine.editor.replace("adults", scoped("adults", "north", null), "\"" + edit.version() + "\"", Engine.TEST);
        engine.editor.save("adults", null, Engine.TEST);
        engine.full.runIfDue("adults");

        assertThat(engine.members("adults")).containsExactly(ada);
        assertThat(engine.get("adults").scope()).isEqualTo("north");
        assertThat(engine.get("adults").draft()).isNull();
    }

    @Test
    void a_static_segment_loses_who_leaves_its_scope() {
        var ada = engine.contact(30);
        var bob = engine.contact(31);
        move(ada, "north");
        move(bob, "north");
        engine.editor.create(
                new NewSegment("picked", null, null, "static", null, null, null, "north", null, null, null, null),
                Engine.TEST);
        database.jdbi()
                .useTransaction(handle ->
                        engine.staticMembers.change(handle, engine.get("picked"), List.of(ada, bob), List.of()));

        move(ada, "south");
        engine.settle();

        assertThat(engine.members("picked")).containsExactly(bob);
        assertThat(engine.outbox("picked")).containsExactly("+" + ada + "," + bob, "-" + ada);
    }

    @Test
    void where_scopes_are_switched_off_everybody_may_be_in() {
        var ada = engine.contact(30);
        var bob = engine.contact(31);
        move(ada, "north");
        define("adults", "north", null);
        engine.goLive("adults");
        var off = new Engine(database.jdbi(), new Scopes(false));
        database.jdbi().useTransaction(handle -> off.scopes.adopt(handle, off.now));

        off.full.runIfDue("adults");

        assertThat(off.members("adults")).containsExactly(ada, bob);
        assertThat(off.lastEvaluation("adults").drift()).isZero();
    }

    /** Random units, ages and overrides: at every step both ways agree with what is plainly so. */
    @RepeatedTest(2)
    void both_ways_agree_with_the_definition() {
        var seed = Long.getLong("segments.seed", new Random().nextLong());
        var random = new Random(seed);
        define("adults", "owner", "eve");
        join("eve", "north");
        var contacts = List.of(engine.contact(10), engine.contact(20), engine.contact(30), engine.contact(40));
        engine.goLive("adults");
        for (var step = 0; step < 60; step++) {
            var contact = contacts.get(random.nextInt(contacts.size()));
            switch (random.nextInt(6)) {
                case 0 -> engine.setAge(contact, random.nextInt(40));
                case 1 -> move(contact, random.nextBoolean() ? "north" : "south");
                case 2 -> override("adults", contact, OverrideKind.INCLUDE);
                case 3 -> override("adults", contact, OverrideKind.EXCLUDE);
                case 4 -> join("eve", random.nextBoolean() ? "north" : "south");
                default ->
                    database.jdbi()
                            .useHandle(handle -> handle.execute(
                                    "delete from segment_override where contact_id = ? returning 1", contact));
            }
            touch(contact);
            if (random.nextBoolean()) {
                engine.lifecycle.evaluate("adults", null, Engine.TEST);
            }
            engine.full.runIfDue("adults");
            engine.settle();
            assertThat(engine.members("adults"))
                    .as("-Dsegments.seed=%d step %d", seed, step)
                    .isEqualTo(plainly());
        }
    }

    private Set<Long> plainly() {
        var found = database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        select c.id
                        from contact c
                        left join segment_override o on o.contact_id = c.id
                        where c.business_unit = (select business_unit from business_unit_member where member = 'eve')
                          and coalesce(o.kind = 'include', (c.attributes ->> 'age')::int >= 18)
                        """).mapTo(Long.class).list());
        return new TreeSet<>(found);
    }

    private void audit(String segment) {
        engine.lifecycle.evaluate(segment, null, Engine.TEST);
        engine.full.runIfDue(segment);
        assertThat(engine.lastEvaluation(segment))
                .extracting(Evaluation::joined, Evaluation::left, Evaluation::drift)
                .containsExactly(0L, 0L, 0L);
    }

    private void define(String key, String scope, @Nullable String owner) {
        if (owner != null) {
            join(owner, "north");
        }
        engine.editor.create(scoped(key, scope, owner), Engine.TEST);
    }

    private static NewSegment scoped(String key, String scope, @Nullable String owner) {
        return new NewSegment(key, null, null, null, null, ADULTS, owner, scope, null, null, null, null);
    }

    private void override(String segment, long contact, OverrideKind kind) {
        overrides.put(segment, uuid(contact), kind, Deed.by("test"));
    }

    private String uuid(long contact) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select uuid::text from contact where id = :id")
                        .bind("id", contact)
                        .mapTo(String.class)
                        .one());
    }

    private void move(long contact, String unit) {
        database.jdbi()
                .useHandle(
                        handle -> handle.execute("update contact set business_unit = ? where id = ?", unit, contact));
        touch(contact);
    }

    private void touch(long contact) {
        database.jdbi()
                .useHandle(
                        handle -> engine.changes.record(handle, List.of(contact), Set.of(Changes.PROFILE), engine.now));
    }

    private void join(String member, @Nullable String unit) {
        database.jdbi().useTransaction(handle -> {
            handle.execute("delete from business_unit_member where member = ?", member);
            if (unit != null) {
                handle.execute("insert into business_unit_member values (?, ?)", member, unit);
            }
            engine.scopes.membersChanged(handle, Set.of(member), engine.now);
        });
    }
}
