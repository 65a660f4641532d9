package sojourn.app.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.interactions.InteractionType;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Deed;
import sojourn.app.segments.Memberships;
import sojourn.app.segments.SegmentAnswer;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.QueryToSql;
import sojourn.app.segments.language.SegmentLanguage;
import sojourn.app.segments.language.SqlContext;
import sojourn.testing.Database;

/** The figures of contacts walking at random add up at every step, and each is the size of the segment saved from it. */
class SavedSegmentTest {

    private static final long SEED = 20_261_123;

    @RegisterExtension
    final Database database = new Database();

    private RandomWalk walk;
    private SavedSegments saved;
    private Catalog catalog;
    private Map<String, Short> typeIds;

    @BeforeEach
    void goLive() {
        walk = new RandomWalk(database.jdbi(), SEED);
        saved = new SavedSegments(database.jdbi(), walk.segments.maker());
        var types = walk.walks.interactions.types().all();
        catalog = Catalog.ofContacts(
                walk.walks.contacts.profileTypes().contactAttributes(),
                types.values().stream().collect(Collectors.toMap(InteractionType::key, InteractionType::properties)),
                Set.of());
        typeIds = types.values().stream().collect(Collectors.toMap(InteractionType::key, InteractionType::id));
    }

    @Test
    void figures_add_up_at_every_step_and_every_segment_has_the_contacts_of_its_figure() {
        for (var step = 0; step < 300; step++) {
            walk.step();
            if (step % 8 == 0) {
                assertAddsUp(count(Range.ALL, false));
            }
            if (step == 120) {
                walk.publishSecondVersion();
            }
        }
        var half = new Range(null, walk.start.plus(Duration.ofDays(5)), walk.start.plus(Duration.ofDays(60)));
        assertAddsUp(count(half, false));
        assertAddsUp(count(new Range(2, null, null), false));

        var checked = Stream.of(Range.ALL, half, new Range(2, half.from(), null))
                .mapToInt(this::assertSegmentsAreFigures)
                .sum();
        assertThat(checked).isGreaterThan(300);

        database.jdbi().useHandle(handle -> handle.execute("update contact set state = 'erased' where id % 5 = 0"));
        for (var selection : selections(Range.ALL)) {
            assertThat(inQuery(SegmentQuery.of(selection))).isEqualTo(contacts(selection));
        }
    }

    @Test
    void a_figure_is_saved_as_a_readable_draft_or_as_a_live_snapshot() {
        for (var step = 0; step < 120; step++) {
            walk.step();
        }
        var metric = metric("stopped", "remind", "exit-interaction");

        var dynamic = saved.save(RandomWalk.KEY, wish("stopped-waiting", "dynamic", metric), Deed.by("test"));
        var snapshot = saved.save(RandomWalk.KEY, wish("stopped-then", "snapshot", metric), Deed.by("test"));

        assertThat(dynamic.segment().query())
                .isEqualTo("INTERACTION(TileStopped).FILTER(journey == 'walk' && tile == 'remind'"
                        + " && reason == 'exit-interaction')");
        assertThat(dynamic.segment().state().word()).isEqualTo("draft");
        assertThat(snapshot.segment().state().word()).isEqualTo("live");
        assertThat(snapshot.segment().query()).isNull();
        assertThat(members(snapshot))
                .isEqualTo(inQuery(String.valueOf(dynamic.segment().query())));
        assertThat(snapshot.size()).isEqualTo(members(snapshot).size());
        assertThat(SegmentQuery.of(MetricCheck.check(journey(), metric("processing", "opened", null), "")))
                .isEqualTo("INTERACTION(TileEntered, TileProcessed, TileStopped, TileExpired, TileFailed)"
                        + ".FILTER(journey == 'walk' && tile == 'opened').HAVING(SUM(delta) > 0)");
        assertThat(SegmentQuery.of(MetricCheck.check(journey(), metric("processed", "wait", null), "")))
                .as("there is a tile Wait too")
                .isEqualTo("INTERACTION(TileProcessed).FILTER(journey == 'walk' && tile == CASE 'wait')");
    }

    @Test
    void what_makes_no_sense_is_refused_with_all_its_pointers() {
        var nonsense = new Metric("entered", "nowhere", null, null, "a", "x", null, 9, walk.start, walk.start);

        assertThatThrownBy(() -> saved.save(RandomWalk.KEY, wish("nonsense", "frozen", nonsense), Deed.by("test")))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors())
                                .extracting(ProblemError::pointer)
                                .containsExactlyInAnyOrder(
                                        "/kind",
                                        "/metric/tile",
                                        "/metric/link",
                                        "/metric/variant",
                                        "/metric/version",
                                        "/metric/to"));
        assertThatThrownBy(() -> saved.save(
                        RandomWalk.KEY, wish("b", "dynamic", metric("branch", "wait", null)), Deed.by("test")))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() ->
                        saved.save(RandomWalk.KEY, wish("b", "dynamic", metric("sent", "wait", null)), Deed.by("test")))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() ->
                        saved.save("unborn", wish("b", "dynamic", metric("entered", null, null)), Deed.by("test")))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type().status()).isEqualTo(409));
    }

    @Test
    void the_lists_of_the_incomplete_are_as_long_as_their_figures() {
        for (var step = 0; step < 150; step++) {
            walk.step();
        }
        var figures = count(Range.ALL, false);

        assertThat(listed(metric("stopped", null, null)))
                .isEqualTo(figures.stopped().total());
        figures.stopped()
                .byReason()
                .forEach((reason, count) ->
                        assertThat(listed(metric("stopped", null, reason))).isEqualTo(count));
        figures.tiles().forEach((id, tile) -> {
            assertThat(listed(metric("stopped", id, null))).isEqualTo(tile.stopped());
            assertThat(listed(metric("expired", id, null))).isEqualTo(tile.expired());
            var sending = tile.sending();
            if (sending != null) {
                assertThat(listed(metric("blocked", id, null)))
                        .isEqualTo(sending.blocked().total());
                assertThat(listed(metric("unconfirmed", id, null))).isEqualTo(sending.unconfirmed());
            }
        });
    }

    private static void assertAddsUp(JourneyFigures figures) {
        assertThat(figures.entered())
                .isEqualTo(figures.inProgress()
                        + figures.completed()
                        + figures.stopped().total()
                        + figures.failed());
        assertThat(sum(figures.stopped().byReason()))
                .isEqualTo(figures.stopped().total());
        assertThat(figures.tiles()).containsKeys("remind", "wait", "opened", "offer", "Wait", "nudge");
        figures.tiles().forEach((id, tile) -> {
            assertThat(tile.inflow())
                    .as(id)
                    .isEqualTo(tile.processing() + tile.processed() + tile.stopped() + tile.expired() + tile.failed());
            var sending = tile.sending();
            assertThat(sending != null).isEqualTo(List.of("email", "abTest").contains(tile.type()));
            if (sending != null) {
                var bounces = sending.bounces();
                assertThat(sending.sent())
                        .isEqualTo(tile.processed() - sending.blocked().total() - sending.unconfirmed());
                assertThat(sending.delivered())
                        .isEqualTo(sending.sent() - bounces.hard() - bounces.soft() - bounces.block());
                assertThat(sum(sending.blocked().byReason()))
                        .isEqualTo(sending.blocked().total());
            }
            var branches = tile.branches();
            if (branches != null) {
                assertThat(sum(branches)).isEqualTo(tile.processed());
            }
        });
    }

    private static long sum(Map<String, Long> parts) {
        return parts.values().stream().mapToLong(Long::longValue).sum();
    }

    private int assertSegmentsAreFigures(Range range) {
        var shown = count(range, true);
        var selections = selections(range);
        for (var selection : selections) {
            var query = SegmentQuery.of(selection);
            var members = inQuery(query);
            assertThat(members).as(query).isEqualTo(contacts(selection));
            var figure = shown(shown, selection.figure(), selection.metric());
            if (figure != null) {
                assertThat((long) members.size()).as(query).isEqualTo(figure);
            }
        }
        return selections.size();
    }

    /** The number that the API shows for a metric; null when it shows none. */
    private static @Nullable Long shown(JourneyFigures all, Figure figure, Metric metric) {
        if (metric.outcome() != null
                || metric.variant() != null
                || metric.link() != null
                || (metric.tile() != null && figure == Figure.COMPLETED)) {
            return null;
        }
        return switch (figure) {
            case ENTERED -> all.entered();
            case IN_PROGRESS -> all.inProgress();
            case COMPLETED -> all.completed();
            case STOPPED ->
                metric.reason() == null
                        ? all.stopped().total()
                        : all.stopped().byReason().getOrDefault(metric.reason(), 0L);
            case FAILED -> metric.reason() == null ? all.failed() : null;
            case GOAL -> all.goal().reached();
            default -> metric.tile() == null ? null : ofTile(all.tiles().get(metric.tile()), figure, metric);
        };
    }

    private static @Nullable Long ofTile(JourneyFigures.@Nullable OfTile tile, Figure figure, Metric metric) {
        if (tile == null) {
            return null;
        }
        if (metric.branch() != null) {
            return tile.branches() == null ? null : tile.branches().get(metric.branch());
        }
        if (figure.isOfMessages()) {
            return tile.sending() == null ? null : ofMessages(tile.sending(), figure, metric);
        }
        if (metric.reason() != null) {
            return null;
        }
        return switch (figure) {
            case INFLOW -> tile.inflow();
            case PROCESSING -> tile.processing();
            case PROCESSED -> tile.processed();
            case STOPPED_AT -> tile.stopped();
            case EXPIRED -> tile.expired();
            case FAILED_AT -> tile.failed();
            default -> throw new AssertionError(figure);
        };
    }

    private static long ofMessages(JourneyFigures.Sending sending, Figure figure, Metric metric) {
        return switch (figure) {
            case SENT -> sending.sent();
            case UNCONFIRMED -> sending.unconfirmed();
            case DELIVERED -> sending.delivered();
            case BLOCKED ->
                metric.reason() == null
                        ? sending.blocked().total()
                        : sending.blocked().byReason().getOrDefault(metric.reason(), 0L);
            case HARD_BOUNCED -> sending.bounces().hard();
            case SOFT_BOUNCED -> sending.bounces().soft();
            case BLOCK_BOUNCED -> sending.bounces().block();
            case OPENED -> sending.opens().unique();
            case CLICKED -> sending.clicks().unique();
            case UNSUBSCRIBED -> sending.unsubscribed();
            case COMPLAINED -> sending.complained();
            default -> throw new AssertionError(figure);
        };
    }

    /** Every figure with everything that can narrow it, and with nothing. */
    private List<Selection> selections(Range range) {
        var metrics = new ArrayList<Metric>();
        for (var figure : Figure.values()) {
            for (var tile : narrowing(figure, Narrowing.TILE, RandomWalk.TILES)) {
                for (var reason : narrowing(figure, Narrowing.REASON, RandomWalk.REASONS)) {
                    for (var branch : narrowing(figure, Narrowing.BRANCH, List.of("Yes", "no", "B"))) {
                        for (var link : narrowing(figure, Narrowing.LINK, RandomWalk.LINKS)) {
                            for (var outcome : narrowing(figure, Narrowing.OUTCOME, RandomWalk.OUTCOMES)) {
                                for (var variant : narrowing(figure, Narrowing.VARIANT, RandomWalk.VARIANTS)) {
                                    metrics.add(new Metric(
                                            figure.word(),
                                            tile,
                                            reason,
                                            branch,
                                            variant,
                                            link,
                                            outcome,
                                            range.version(),
                                            range.from(),
                                            range.to()));
                                }
                            }
                        }
                    }
                }
            }
        }
        var journey = journey();
        return metrics.stream()
                .flatMap(metric -> sensible(journey, metric).stream())
                .toList();
    }

    private static Optional<Selection> sensible(JourneyRow journey, Metric metric) {
        try {
            return Optional.of(MetricCheck.check(journey, metric, ""));
        } catch (Problem refused) {
            return Optional.empty();
        }
    }

    private static List<@Nullable String> narrowing(Figure figure, Narrowing narrowing, List<String> values) {
        var all = new ArrayList<@Nullable String>();
        all.add(null);
        if (figure.takes(narrowing)) {
            all.addAll(values);
        }
        return all;
    }

    private static Metric metric(String of, @Nullable String tile, @Nullable String reason) {
        return new Metric(of, tile, reason, null, null, null, null, null, null, null);
    }

    private static SavedSegments.Wish wish(String key, String kind, Metric metric) {
        return new SavedSegments.Wish(key, null, null, kind, metric);
    }

    private JourneyRow journey() {
        return database.jdbi().withHandle(handle -> JourneyRow.read(handle, RandomWalk.KEY));
    }

    private JourneyFigures count(Range range, boolean contacts) {
        return database.jdbi()
                .inTransaction(
                        TransactionIsolationLevel.REPEATABLE_READ,
                        handle -> new Counting(handle, JourneyRow.read(handle, RandomWalk.KEY), range, contacts)
                                .journey());
    }

    private long listed(Metric metric) {
        return database.jdbi().withHandle(handle -> {
            var selection = MetricCheck.check(journey(), metric, "");
            var first = Incomplete.page(handle, selection, null, 3);
            var rest = first.next() == null
                    ? 0
                    : Incomplete.page(handle, selection, Cursor.parse(first.next(), 2), 1000)
                            .items()
                            .size();
            return (long) first.items().size() + rest;
        });
    }

    private List<Long> contacts(Selection selection) {
        return database.jdbi().inTransaction(selection::contacts);
    }

    private List<Long> members(SegmentAnswer segment) {
        return database.jdbi()
                .withHandle(handle ->
                        new Memberships().page(handle, segment.segment().id(), 0, 10_000));
    }

    /** Whom the query has, found as a full evaluation finds them. */
    private List<Long> inQuery(String text) {
        var context = new SqlContext(walk.clock.instant(), ZoneOffset.UTC, typeIds, Map.of(), Map.of(), Map.of());
        var sql = QueryToSql.compile(SegmentLanguage.parse(text, catalog), context);
        return database.jdbi().withHandle(handle -> {
            var query = handle.createQuery(
                    "select c.id from contact c where c.state <> 'erased' and (" + sql.text() + ") order by c.id");
            for (var index = 0; index < sql.values().size(); index++) {
                query.bind(index, sql.values().get(index));
            }
            return query.mapTo(Long.class).list();
        });
    }
}
