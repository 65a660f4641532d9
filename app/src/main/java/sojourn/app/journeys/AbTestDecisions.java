package sojourn.app.journeys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.journeys.AbTestReading.AbTestDecision;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;
import sojourn.workflows.journeys.AbTest;

/**
 * Ends tests: looks now and then whether one has a winner, and takes the word of people. Whoever decides holds the lock of the
 * test's row and writes the winner with its decision, so that a test ends by itself once, however many servers look.
 */
final class AbTestDecisions {

    private static final Logger log = LoggerFactory.getLogger(AbTestDecisions.class);

    /** How long a test is left alone after a look. */
    private static final Duration REST = Duration.ofSeconds(20);

    private static final String ITSELF = "sojourn";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final LiveVersions versions;

    AbTestDecisions(Jdbi jdbi, InstantSource clock, LiveVersions versions) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.versions = versions;
    }

    /** A test as the newest version that has it says it is. */
    private record Known(LiveVersion version, AbTest test) {}

    /** Looks at one test that nobody looks at; says whether there was one. */
    boolean lookAtOne() {
        return Transactions.in(jdbi, handle -> {
            var now = now();
            // Assignments refer to the row, which this lock lets them do.
            var row = handle.select("""
                            select t.* from ab_test t join journey j on j.id = t.journey_id
                            where t.winner is null and t.started_at is not null and t.looked_at <= ?
                              and j.state in ('goingLive', 'live', 'paused', 'error')
                            order by t.looked_at limit 1
                            for no key update of t skip locked
                            """, now.minus(REST))
                    .map((each, _) -> AbTests.row(each))
                    .findOne();
            row.ifPresent(found -> {
                handle.execute("update ab_test set looked_at = ? where id = ?", now, found.id());
                known(handle, found).ifPresent(known -> look(handle, found, known, now));
            });
            return row.isPresent();
        });
    }

    private static void look(Handle handle, AbTests.Row row, Known known, Instant now) {
        var test = known.test();
        var ends = endsAt(row, known);
        var timeIsUp = ends != null && !now.isBefore(ends);
        if (!timeIsUp && !test.endsWhenSignificant()) {
            return;
        }
        var stands = VariantComparison.of(
                test, AbTestCounts.count(handle, row.id(), known.version().key(), test));
        if (!timeIsUp && !stands.conclusive()) {
            return;
        }
        var winner = stands.conclusive() ? stands.leader() : test.fallback();
        var how = stands.conclusive() && test.endsWhenSignificant() ? "significance" : "time";
        var why = stands.conclusive()
                ? "better than all others"
                : "time was up and no variant was better than all others for sure, so the fallback";
        decide(
                handle,
                row,
                new AbTestDecision(String.valueOf(winner), how, stands.conclusive(), now, ITSELF, why, stands));
        log.info(
                "the test {} of {} ends by {} with {}",
                row.tile(),
                known.version().key(),
                how,
                winner);
    }

    /** The caller holds the row's lock. */
    private static void decide(Handle handle, AbTests.Row row, AbTestDecision decision) {
        handle.createUpdate("""
                        insert into ab_decision (test_id, winner, how, conclusive, at, by, why, numbers)
                        values (:test, :winner, :how, :conclusive, :at, :by, :why, cast(:numbers as jsonb))
                        """)
                .bind("test", row.id())
                .bind("winner", decision.winner())
                .bind("how", decision.how())
                .bind("conclusive", decision.conclusive())
                .bind("at", decision.at())
                .bind("by", decision.by())
                .bind("why", decision.why())
                .bind("numbers", Columns.json(decision.numbers()))
                .execute();
        handle.execute("update ab_test set winner = ? where id = ?", decision.winner(), row.id());
    }

    /** Names the winner of the live version's test, whether or not it has one. */
    AbTestReading override(String key, String tile, String variant, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            var known = known(handle, key, tile, null);
            if (known.test().named(variant).isEmpty()) {
                throw Problem.invalid(
                        "/variant",
                        "unknown-variant",
                        "'" + tile + "' has no variant '" + variant + "'"
                                + Nearest.advice(variant, known.test().branchNames()));
            }
            var definition = AbTests.definition(known.test());
            var journey = known.version().journeyId();
            var now = now();
            AbTests.add(handle, journey, tile, definition, now, false);
            var row = handle.select("""
                            select * from ab_test where journey_id = ? and tile = ? and definition = ? for no key update
                            """, journey, tile, definition)
                    .map((each, _) -> AbTests.row(each))
                    .one();
            var stands = VariantComparison.of(
                    known.test(),
                    AbTestCounts.count(handle, row.id(), known.version().key(), known.test()));
            var sure = stands.conclusive() && variant.equals(stands.leader());
            decide(handle, row, new AbTestDecision(variant, "override", sure, now, deed.by(), deed.reason(), stands));
            AuditLog.note(
                    handle,
                    now,
                    deed,
                    new AuditLog.Done(
                                    "winner-named",
                                    Milestones.JOURNEY,
                                    known.version().key())
                            .with(Map.of("tile", tile, "variant", variant)));
            return read(handle, tile, known);
        });
    }

    /** @param version of the journey; the live one when null */
    AbTestReading read(String key, String tile, @Nullable Integer version) {
        return Transactions.in(jdbi, handle -> read(handle, tile, known(handle, key, tile, version)));
    }

    private static AbTestReading read(Handle handle, String tile, Known known) {
        var test = known.test();
        var version = known.version();
        var row = AbTests.find(handle, version.journeyId(), tile, AbTests.definition(test))
                .orElse(new AbTests.Row(0, version.journeyId(), tile, "", null, null));
        var decisions = handle.select("select * from ab_decision where test_id = ? order by id", row.id())
                .map(ConstructorMapper.of(AbTestDecision.class))
                .list();
        return new AbTestReading(
                version.key(),
                tile,
                version.version(),
                state(handle, row),
                test.metric(),
                row.startedAt(),
                endsAt(row, known),
                test.endsWhenSignificant(),
                test.atLeast(),
                test.fallback(),
                row.winner(),
                VariantComparison.of(test, AbTestCounts.count(handle, row.id(), version.key(), test)),
                decisions);
    }

    private static String state(Handle handle, AbTests.Row row) {
        if (row.winner() != null) {
            return "decided";
        }
        var state = handle.attach(JourneyDao.class).get(row.journeyId()).state();
        if (state == JourneyState.stopped || state == JourneyState.completed) {
            return "ended";
        }
        return row.startedAt() == null ? "waiting" : "running";
    }

    private static @Nullable Instant endsAt(AbTests.Row row, Known known) {
        var end = known.test().end();
        return row.startedAt() == null || end == null || end.after() == null
                ? null
                : end.after().after(row.startedAt(), known.version().zone());
    }

    /** A test, or a problem that says what there is not. */
    private Known known(Handle handle, String key, String tile, @Nullable Integer version) {
        var journeys = handle.attach(JourneyDao.class);
        var journey = journeys.get(journeys.idOf(key).orElseThrow(() -> Problem.notFound("journey", key)));
        var wanted = version == null ? journey.version() : version;
        if (wanted == null
                || handle.attach(JourneyVersionDao.class)
                        .find(journey.number(), wanted)
                        .isEmpty()) {
            throw Problem.notFound("version", wanted == null ? "that is live" : wanted);
        }
        var live = versions.get(handle, journey.number(), wanted);
        return AbTest.of(live.document().allTiles().get(tile))
                .map(test -> new Known(live, test))
                .orElseThrow(() -> Problem.notFound("test", tile));
    }

    /** By the newest version whose tile is this test: an edit may say anew when it ends. */
    private Optional<Known> known(Handle handle, AbTests.Row row) {
        return handle
                .select(
                        "select version from journey_version where journey_id = ? order by version desc",
                        row.journeyId())
                .mapTo(Integer.class)
                .list()
                .stream()
                .map(version -> versions.get(handle, row.journeyId(), version))
                .flatMap(version -> AbTest.of(version.document().allTiles().get(row.tile()))
                        .filter(test -> AbTests.definition(test).equals(row.definition()))
                        .map(test -> new Known(version, test))
                        .stream())
                .findFirst();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
