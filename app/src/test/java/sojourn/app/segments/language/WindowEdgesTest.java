package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Between two edges next to each other nothing comes into a window or falls out of it. {@code -Dsegments.windows=1000000}
 * asks more, {@code -Dsegments.seed=...} repeats a run that failed.
 */
class WindowEdgesTest {

    private static final int WINDOWS = Integer.getInteger("segments.windows", 20_000);
    private static final long SEED = Long.getLong("segments.seed", new Random().nextLong());

    private static final List<ZoneId> ZONES =
            RandomValues.ZONES.stream().map(ZoneId::of).toList();

    private final Random random = new Random(SEED);

    @Test
    void nothing_happens_between_edges() {
        for (var i = 0; i < WINDOWS; i++) {
            var zone = pick(ZONES);
            var window = window();
            var occurred = occurred(zone, window);

            var edges = List.copyOf(WindowEdges.of(window, List.of(occurred), zone));

            check(window, occurred, zone, occurred.minus(Duration.ofDays(500)), edges.getFirst());
            for (var index = 1; index < edges.size(); index++) {
                check(window, occurred, zone, edges.get(index - 1), edges.get(index));
            }
            check(window, occurred, zone, edges.getLast(), edges.getLast().plus(Duration.ofDays(1500)));
        }
    }

    private void check(Window window, Instant occurred, ZoneId zone, Instant from, Instant to) {
        var expected = Window.range(window, from, zone).contains(occurred);
        for (var at : samples(zone, from, to)) {
            assertThat(Window.range(window, at, zone).contains(occurred))
                    .as(
                            "-Dsegments.seed=%d: %s in %s at %s between the edges %s and %s, occurred at %s",
                            SEED, window, zone, at, from, to, occurred)
                    .isEqualTo(expected);
        }
    }

    private List<Instant> samples(ZoneId zone, Instant from, Instant to) {
        var samples = new ArrayList<>(List.of(to.minus(1, ChronoUnit.MICROS), from.plus(1, ChronoUnit.MICROS)));
        var micros = ChronoUnit.MICROS.between(from, to);
        samples.add(from.plus(random.nextLong(micros), ChronoUnit.MICROS));
        samples.add(from.atZone(zone)
                .toLocalDate()
                .plusDays(1 + random.nextInt(40))
                .atStartOfDay(zone)
                .toInstant());
        var change = zone.getRules().nextTransition(from);
        for (var i = 0; i < 3 && change != null && change.getInstant().isBefore(to); i++) {
            for (var minutes : List.of(-61, -31, -1, 0, 1, 29, 31, 59, 61)) {
                samples.add(change.getInstant().plus(Duration.ofMinutes(minutes)));
            }
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return samples.stream()
                .filter(at -> !at.isBefore(from) && at.isBefore(to))
                .toList();
    }

    private Window window() {
        return switch (random.nextInt(4)) {
            case 0 -> new Window.This(pick(List.of(Window.Calendar.values())));
            case 1 -> new Window.Previous(1 + random.nextInt(3), pick(List.of(Window.Calendar.values())));
            default ->
                new Window.Rolling(1 + random.nextInt(4), pick(List.of(Window.Unit.values())), random.nextInt(6) == 0);
        };
    }

    /** At any time, or so that it falls out of the window, or occurs, about a clock change or the end of a month. */
    private Instant occurred(ZoneId zone, Window window) {
        var any = Instant.parse("2006-01-01T00:00:00Z").plusSeconds(random.nextInt(20 * 365 * 86_400));
        var about = any;
        var change = zone.getRules().nextTransition(any);
        if (change != null && random.nextInt(3) > 0) {
            about = change.getInstant();
        } else if (random.nextBoolean()) {
            about = any.atZone(zone)
                    .withDayOfMonth(1)
                    .truncatedTo(ChronoUnit.DAYS)
                    .plusDays(random.nextInt(4) - 3)
                    .toInstant();
        }
        if (window instanceof Window.Rolling rolling && random.nextBoolean()) {
            about = rolling.start(about, zone);
        }
        return about.plusSeconds(random.nextInt(4 * 3600) - 2 * 3600).plus(random.nextInt(3) - 1, ChronoUnit.MICROS);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
