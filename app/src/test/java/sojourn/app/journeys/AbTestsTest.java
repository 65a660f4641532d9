package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.journeys.VariantComparison.VariantFigures;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.platform.Problem;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Tests of variants, walked from the first contact to the winner and on. */
class AbTestsTest {

    /** Not the common pool, which has one thread where there are two cores. */
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private static final String MESSAGES = """
            "subject": {"type": "abTest", "metric": "open", "end": {"after": "P3D", "atLeast": 5}, "fallback": "plain",
              "variants": [{"name": "plain"}, {"name": "other", "message": "come-back"}],
              "sends": {"type": "email", "message": "we-miss-you", "expiry": "P1D", "next": "wait"}},
            "wait": {"type": "waitFor", "duration": "P1D", "next": null}
            """;

    private static final String PATHS = """
            "path": {"type": "abTest", "metric": "goal", "end": {"whenSignificant": true, "atLeast": 20}, "fallback": "short",
              "variants": [{"name": "short", "share": 50, "next": null}, {"name": "long", "share": 50, "next": "wait"}]},
            "wait": {"type": "waitFor", "duration": "P30D", "next": null}
            """;

    @RegisterExtension
    final Database database = new Database();

    private final AtomicReference<Runnable> beforeCommit = new AtomicReference<>(() -> {});
    private JourneyWorld world;
    private int all;
    private int contacts;

    @BeforeEach
    void begin() {
        world = new JourneyWorld(database.jdbi(), watched());
        all = world.segment("all");
        world.message("we-miss-you");
        world.message("come-back");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_message_is_tried_in_variants_until_time_is_up_and_the_winner_is_sent_to_everyone_after() throws Exception {
        var journey = world.live("test", tiles("subject", MESSAGES));
        come(12);
        world.pass(Duration.ofMinutes(1));

        var runs = world.runs(journey);
        assertThat(runs).allSatisfy(run -> {
            var step = run.path().getFirst();
            var message = "other".equals(step.branch()) ? "come-back" : "we-miss-you";
            assertThat(step.outcome()).isEqualTo("sent");
            assertThat(step.why()).isEqualTo("by chance, one of 2; email sent");
            assertThat(world.sent).contains(message + " to " + contact(run));
        });
        assertThat(new HashSet<>(variants(journey))).containsExactlyInAnyOrder("plain", "other");
        assertThat(world.sent).hasSize(12);
        opens(runs, "other");

        look();
        assertThat(reading("subject").state()).isEqualTo("running");
        world.pass(Duration.ofDays(3));
        look();

        var decided = reading("subject");
        assertThat(decided.winner()).isEqualTo("other");
        assertThat(decided.decisions()).singleElement().satisfies(decision -> {
            assertThat(decision.how()).isEqualTo("time");
            assertThat(decision.conclusive()).isTrue();
            assertThat(decision.by()).isEqualTo("sojourn");
            assertThat(decision.numbers()).isEqualTo(decided.now());
        });
        assertThat(figures("subject", "other").sent())
                .isEqualTo(figures("subject", "other").measured())
                .isEqualTo(count(runs, "other"));
        assertThat(figures("subject", "plain").measured()).isZero();

        come(4);
        world.pass(Duration.ofMinutes(1));
        assertThat(later(journey, runs)).hasSize(4).allSatisfy(run -> {
            assertThat(run.path().getFirst().branch()).isEqualTo("other");
            assertThat(run.path().getFirst().why()).isEqualTo("the winner when time was up; email sent");
        });
        assertThat(reading("subject").now()).as("they count for nothing").isEqualTo(decided.now());
    }

    @Test
    void a_tile_that_sends_variants_gives_each_contact_one_for_good_until_a_person_names_a_winner() throws Exception {
        var journey = world.live("test", tiles("subject", """
                "subject": {"type": "email", "message": "we-miss-you", "expiry": "P1D", "next": "wait",
                  "variants": [{"name": "plain", "share": 50}, {"name": "other", "share": 50, "message": "come-back"}]},
                "wait": {"type": "waitFor", "duration": "P1D", "next": null}
                """));
        come(12);
        world.pass(Duration.ofMinutes(1));

        var runs = world.runs(journey);
        assertThat(runs).hasSize(12).allSatisfy(run -> {
            var step = run.path().getFirst();
            assertThat(step.outcome()).isEqualTo("sent");
            assertThat(step.why()).isEqualTo("by chance, 50 of 100; email sent");
            assertThat(world.sent)
                    .contains(("other".equals(step.branch()) ? "come-back" : "we-miss-you") + " to " + contact(run));
            assertThat(run.tile()).isEqualTo("wait");
        });
        assertThat(new HashSet<>(variants(journey))).containsExactlyInAnyOrder("plain", "other");
        opens(runs, "other");
        world.pass(Duration.ofDays(400));
        look();

        var reading = reading("subject");
        assertThat(reading.state()).isEqualTo("running");
        assertThat(reading.endsAt()).isNull();
        assertThat(figures("subject", "other").measured()).isEqualTo(count(runs, "other"));

        world.tests.override("test", "subject", "other", Deed.by("eva"));
        come(3);
        world.pass(Duration.ofMinutes(1));
        assertThat(later(journey, runs))
                .hasSize(3)
                .allSatisfy(run ->
                        assertThat(run.path().getFirst().why()).isEqualTo("the winner, named by eva; email sent"));
    }

    @Test
    void a_test_without_a_sure_winner_falls_back() throws Exception {
        var journey = world.live("test", tiles("subject", MESSAGES));
        come(12);
        world.pass(Duration.ofMinutes(1));
        // One more would not be chance any more.
        opens(world.runs(journey).subList(0, 1), null);
        world.pass(Duration.ofDays(3));
        look();

        assertThat(reading("subject").decisions())
                .extracting(AbTestReading.AbTestDecision::winner, AbTestReading.AbTestDecision::conclusive)
                .containsExactly(tuple("plain", false));
        var before = world.runs(journey);
        come(3);
        world.pass(Duration.ofMinutes(1));
        assertThat(later(journey, before))
                .extracting(run -> run.path().getFirst().why())
                .containsOnly("the fallback of a test that found no winner; email sent");
    }

    @Test
    void a_path_is_followed_by_everyone_as_soon_as_it_is_better_for_sure() {
        var journey = world.live("test", tiles("path", PATHS));
        come(120);
        enterAll(journey, 120);
        look();
        assertThat(reading("path").now().conclusive()).isFalse();

        world.runs(journey).stream()
                .filter(run -> "long".equals(run.path().getFirst().branch()))
                .forEach(run -> world.does(contact(run), "FormSubmitted", Map.of()));
        world.matchChanges();
        pass(Duration.ofMinutes(1));
        look();

        var reading = reading("path");
        assertThat(reading.winner()).isEqualTo("long");
        assertThat(reading.decisions()).extracting("how").containsExactly("significance");
        assertThat(reading.now().method()).isEqualTo(VariantComparison.SEQUENTIAL);
        var shorter = figures("path", "short");
        assertThat(shorter.difference()).isEqualTo(-1);
        assertThat(shorter.pValue()).isNotNull().isLessThan(0.05);
        var before = world.runs(journey);
        come(5);
        enterAll(journey, 125);
        assertThat(later(journey, before))
                .extracting(run -> run.path().getFirst().why())
                .containsOnly("the winner by significance");
    }

    @Test
    void opens_of_a_path_are_those_of_its_emails_and_of_people() throws Exception {
        var journey = world.live("test", tiles("path", """
                "path": {"type": "abTest", "metric": "open", "end": {"after": "P3D"}, "fallback": "a",
                  "variants": [{"name": "a", "next": "remind"}, {"name": "b", "next": "again"}]},
                "remind": {"type": "email", "message": "we-miss-you", "next": null},
                "again": {"type": "email", "message": "come-back", "next": null}
                """));
        come(10);
        world.pass(Duration.ofMinutes(1));
        var runs = world.runs(journey);
        var first = runs.getFirst();
        var variant = String.valueOf(first.path().getFirst().branch());

        fact(first, "EmailOpened", first.path().get(1).tile(), Map.of());
        fact(first, "EmailOpened", first.path().get(1).tile(), Map.of());
        fact(runs.get(1), "EmailOpened", runs.get(1).path().get(1).tile(), Map.of("machine", true));
        fact(runs.get(2), "EmailClicked", runs.get(2).path().get(1).tile(), Map.of());

        assertThat(figures("path", variant).measured()).isEqualTo(1);
        assertThat(figures("path", variant).sent()).isNull();
        assertThat(figures("path", variant).assigned()).isEqualTo(count(runs, variant));
        assertThat(figures("path", variant.equals("a") ? "b" : "a").measured()).isZero();
    }

    @Test
    void a_contact_keeps_its_variant_over_runs_and_over_edits_that_keep_the_test() throws Exception {
        var journey = world.live("test", tiles("subject", MESSAGES));
        come(12);
        world.pass(Duration.ofMinutes(1));
        var before = variants(journey);
        world.pass(Duration.ofDays(2));
        database.jdbi().useHandle(handle -> {
            // As if chance had fallen the other way.
            handle.execute(
                    "update ab_assignment set variant = case variant when 'plain' then 'other' else 'plain' end");
            handle.execute("update run set run_no = 0");
            handle.execute("delete from journey_contact");
        });
        edit(MESSAGES.replace("P3D", "P9D").replace("\"expiry\": \"P1D\"", "\"expiry\": \"P2D\""));

        again();
        world.pass(Duration.ofMinutes(1));

        var second = variants(journey).subList(12, 24);
        for (var each = 0; each < 12; each++) {
            assertThat(second.get(each)).isNotEqualTo(before.get(each));
        }
        assertThat(world.runs(journey).getLast().path().getFirst().why())
                .isEqualTo("the variant of before; email sent");
        var reading = reading("subject");
        assertThat(reading.version()).isEqualTo(2);
        assertThat(reading.now().variants().stream()
                        .mapToLong(VariantFigures::assigned)
                        .sum())
                .isEqualTo(12);
        assertThat(Optional.ofNullable(reading.endsAt()).orElseThrow())
                .isEqualTo(
                        Optional.ofNullable(reading.startedAt()).orElseThrow().plus(Duration.ofDays(9)));
    }

    @Test
    void other_variants_make_another_test_and_the_old_one_keeps_its_numbers() throws Exception {
        world.live("test", tiles("subject", MESSAGES));
        come(6);
        world.pass(Duration.ofMinutes(1));
        world.tests.override("test", "subject", "other", new Deed("ada", null, "looks better"));

        edit(MESSAGES.replace("\"plain\"}", "\"plain\", \"subject\": \"Psst\"}"));
        assertThat(reading("subject").state()).isEqualTo("waiting");
        come(6);
        world.pass(Duration.ofMinutes(1));

        assertThat(reading("subject").state()).isEqualTo("running");
        assertThat(assigned(reading("subject"))).isEqualTo(6);
        assertThat(world.tests.read("test", "subject", 1).winner()).isEqualTo("other");
        assertThat(assigned(world.tests.read("test", "subject", 1))).isEqualTo(6);

        world.lifecycle.beginStop("test", null, Deed.by("test"));
        world.pump();
        assertThat(reading("subject").state()).isEqualTo("ended");
        assertThat(world.tests.read("test", "subject", 1).state()).isEqualTo("decided");
    }

    @Test
    void a_test_ends_once_however_many_servers_look_and_whenever_one_dies() throws Exception {
        var journey = world.live("test", tiles("subject", MESSAGES));
        come(12);
        world.pass(Duration.ofMinutes(1));
        opens(world.runs(journey), "other");
        world.pass(Duration.ofDays(3));

        beforeCommit.set(() -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> world.tests.lookAtOne()).hasMessageContaining("killed");
        beforeCommit.set(() -> {});
        assertThat(reading("subject").state()).isEqualTo("running");

        var barrier = new CyclicBarrier(4);
        var looks = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                barrier.await();
                                return new AbTestDecisions(database.jdbi(), world.clock, world.versions).lookAtOne();
                            } catch (Exception failed) {
                                throw new IllegalStateException(failed);
                            }
                        },
                        THREADS))
                .limit(4)
                .toList();
        assertThat(looks.stream().map(CompletableFuture::join)).containsOnlyOnce(true);
        assertThat(reading("subject").decisions()).hasSize(1);

        pass(Duration.ofDays(1));
        assertThat(world.tests.lookAtOne()).isFalse();
    }

    @Test
    void whoever_names_the_winner_is_kept_with_when_and_why() throws Exception {
        var journey = world.live("test", tiles("subject", MESSAGES));

        world.tests.override("test", "subject", "other", new Deed("ada", null, "the boss likes it"));
        come(4);
        world.pass(Duration.ofMinutes(1));
        world.tests.override("test", "subject", "plain", Deed.by("eva"));

        assertThat(variants(journey)).containsOnly("other");
        assertThat(world.runs(journey).getFirst().path().getFirst().why())
                .isEqualTo("the winner, named by ada; email sent");
        var reading = reading("subject");
        assertThat(reading.winner()).isEqualTo("plain");
        assertThat(reading.decisions())
                .extracting("winner", "how", "conclusive", "by", "why")
                .containsExactly(
                        tuple("other", "override", false, "ada", "the boss likes it"),
                        tuple("plain", "override", false, "eva", null));
        assertThat(assigned(reading)).isZero();
        world.pass(Duration.ofDays(4));
        assertThat(world.tests.lookAtOne()).isFalse();
        assertThatThrownBy(() -> world.tests.override("test", "subject", "plane", Deed.by("eva")))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.errors()).extracting("code").containsExactly("unknown-variant"));
        assertThatThrownBy(() -> world.tests.read("test", "wait", null)).isInstanceOf(Problem.class);
    }

    @Test
    void a_step_that_dies_gives_no_variant_and_one_that_is_repeated_gives_the_same() {
        var journey = world.live("test", tiles("subject", MESSAGES));
        come(1);
        while (world.runs(journey).isEmpty()) {
            world.takeMembership();
        }
        var run = world.onlyRun(journey).id();
        beforeCommit.set(() -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> world.advance.advance(run, 0, null)).hasMessageContaining("Interrupted");
        assertThat(text("select count(*)::text from ab_assignment")).isEqualTo("0");
        beforeCommit.set(() -> {});

        var first = world.advance.advance(run, 0, null);
        assertThat(world.advance.advance(run, 0, null)).isEqualTo(first);
        assertThat(world.advance.advance(run, 1, null)).isEqualTo(first);

        assertThat(text("select count(*)::text from ab_assignment")).isEqualTo("1");
        var waiting = world.onlyRun(journey).path().getFirst();
        assertThat(waiting.branch()).isEqualTo(text("select variant from ab_assignment"));
        assertThat(waiting.outcome()).isNull();
        assertThat(waiting.why()).isEqualTo("by chance, one of 2");
    }

    @Test
    void a_run_that_is_stopped_while_its_message_waits_keeps_its_variant() {
        var journey = world.live("test", tiles("subject", MESSAGES));
        come(1);
        while (world.runs(journey).isEmpty()) {
            world.takeMembership();
        }
        var run = world.onlyRun(journey).id();
        world.advance.advance(run, 0, null);

        database.jdbi()
                .useExtension(RunDao.class, runs -> runs.requestExit(run, StopReason.REMOVED, world.clock.instant()));
        world.advance.advance(run, 1, null);

        var stopped = world.onlyRun(journey);
        assertThat(stopped.status()).isEqualTo(RunStatus.stopped);
        assertThat(stopped.path().getFirst().branch()).isEqualTo(text("select variant from ab_assignment"));
        assertThat(text(
                        "select i.properties ->> 'variant' from interaction i join interaction_type t on t.id = i.type_id"
                                + " where t.key = 'TileStopped'"))
                .isEqualTo(stopped.path().getFirst().branch());
        assertThat(assigned(reading("subject"))).isEqualTo(1);
    }

    private void come(int many) {
        for (var each = 0; each < many; each++) {
            world.joins(world.contact("c" + contacts++), all);
        }
    }

    private void again() {
        var ids = database.jdbi()
                .withHandle(handle -> handle.select("select id from contact order by id")
                        .mapTo(Long.class)
                        .list());
        for (var id : ids) {
            world.leaves(id, all);
            world.joins(id, all);
        }
    }

    private void enterAll(Journey journey, int runs) {
        while (world.runs(journey).size() < runs) {
            world.takeMembership();
        }
        world.runs(journey)
                .forEach(run -> world.advance.advance(run.id(), run.path().size(), null));
    }

    private void pass(Duration time) {
        world.environment.sleep(time);
    }

    private void look() {
        while (world.tests.lookAtOne()) {
            // each look leaves its test alone for a while
        }
    }

    private AbTestReading reading(String tile) {
        return world.tests.read("test", tile, null);
    }

    private VariantFigures figures(String tile, String variant) {
        return reading(tile).now().variants().stream()
                .filter(each -> each.name().equals(variant))
                .findFirst()
                .orElseThrow();
    }

    private static long assigned(AbTestReading reading) {
        return reading.now().variants().stream()
                .mapToLong(VariantFigures::assigned)
                .sum();
    }

    private List<String> variants(Journey journey) {
        return world.runs(journey).stream()
                .map(run -> String.valueOf(run.path().getFirst().branch()))
                .toList();
    }

    private static long count(List<Run> runs, String variant) {
        return runs.stream()
                .filter(run -> variant.equals(run.path().getFirst().branch()))
                .count();
    }

    private List<Run> later(Journey journey, List<Run> before) {
        var known = before.stream().map(Run::id).toList();
        return world.runs(journey).stream()
                .filter(run -> !known.contains(run.id()))
                .toList();
    }

    /** Everybody of a variant opens the email; of any, when null. */
    private void opens(List<Run> runs, @Nullable String variant) {
        runs.stream()
                .filter(run ->
                        variant == null || variant.equals(run.path().getFirst().branch()))
                .forEach(run -> fact(run, "EmailOpened", "subject", Map.of()));
    }

    private void fact(Run run, String type, String tile, Map<String, Object> more) {
        var properties = new HashMap<String, Object>(more);
        properties.put("journey", "test");
        properties.put("tile", tile);
        properties.put("pass", 1);
        properties.put("run", run.id().toString());
        world.does(contact(run), type, properties);
    }

    private long contact(Run run) {
        return database.jdbi()
                .withHandle(handle -> handle.select("select contact_id from run where id = ?", run.id())
                        .mapTo(Long.class)
                        .one());
    }

    private String text(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).one());
    }

    private void edit(String tiles) {
        database.jdbi()
                .useExtension(
                        JourneyDao.class,
                        journeys -> journeys.saveDraft(
                                journeys.idOf("test").orElseThrow(),
                                JourneyWorld.document(tiles("subject", tiles)),
                                world.clock.instant(),
                                "test"));
        world.lifecycle.goLive("test", InFlight.KEPT, null, Deed.by("test"));
    }

    private static String tiles(String start, String tiles) {
        return """
                {"audience": {"segments": ["all"]}, "goal": {"interaction": {"type": "FormSubmitted"}}, "start": "%s",
                 "tiles": {%s}}
                """.formatted(start, tiles);
    }

    private Jdbi watched() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                beforeCommit.get().run();
                super.commit(handle);
            }
        });
        return jdbi;
    }
}
