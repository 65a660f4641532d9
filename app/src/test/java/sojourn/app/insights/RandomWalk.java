package sojourn.app.insights;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.journeys.Walks;
import sojourn.app.segments.EvaluationSettings;
import sojourn.app.segments.SegmentsFeature;

/** Contacts that enter a journey, do things and are done things to, at random. */
final class RandomWalk {

    static final String KEY = "walk";
    static final List<String> TILES = List.of("remind", "wait", "opened", "offer", "Wait", "nudge");
    static final List<String> BLOCKED = List.of("no-consent", "no-contact-point");
    static final List<String> REASONS =
            List.of("exit-interaction", "removed", "no-consent", "no-contact-point", "message-not-live");
    static final List<String> LINKS = List.of("https://shop.example.com/New?it's", "https://shop.example.com/new?it's");
    static final List<String> VARIANTS = List.of("a", "B");
    static final List<String> OUTCOMES = List.of("sent", "bounced", "Nothing helped", "completed", "waited", "branch");

    private static final String DOCUMENT = """
            {"name": "Walk", "audience": {"segments": ["everyone"]},
             "exit": {"interactions": [{"type": "WebsiteVisited"}]},
             "goal": {"interaction": {"type": "FormSubmitted"}},
             "start": "remind",
             "tiles": {
               "remind": {"type": "email", "message": "hello", "expiry": "P1D", "next": "wait"},
               "wait": {"type": "waitFor", "duration": "P5D", "next": "opened"},
               "opened": {"type": "ifThen", "timeLimit": "P1D", "since": "run", "otherwise": "nudge", "branches": [
                 {"name": "Yes", "when": [{"interaction": {"type": "EmailOpened", "of": "remind"}}], "next": "offer"}]},
               "offer": {"type": "abTest", "metric": "open", "end": {"after": "P30D"}, "fallback": "a",
                         "variants": [{"name": "a"}, {"name": "B", "subject": "Hello again"}],
                         "sends": {"type": "email", "message": "hello", "expiry": "P1D", "next": "Wait"}},
               "Wait": {"type": "waitFor", "duration": "PT1H", "next": null},
               "nudge": {"type": "end", "outcome": "Nothing helped"}}}
            """;

    final Instant start = Instant.parse("2026-01-01T00:00:00Z");
    final InstantSource clock;
    final Walks walks;
    final SegmentsFeature segments;
    private final Jdbi jdbi;
    private final Random random;
    private Instant now = start;
    private int contacts;

    RandomWalk(Jdbi jdbi, long seed) {
        this.jdbi = jdbi;
        this.random = new Random(seed);
        this.clock = () -> now;
        this.walks = new Walks(jdbi, clock);
        this.segments = new SegmentsFeature(
                jdbi,
                walks.contacts.contacts(),
                walks.contacts.changes(),
                new EvaluationSettings(
                        ZoneOffset.UTC,
                        io.dropwizard.util.Duration.days(1),
                        io.dropwizard.util.Duration.minutes(10),
                        io.dropwizard.util.Duration.minutes(1),
                        io.dropwizard.util.Duration.minutes(1),
                        0,
                        true,
                        1000),
                clock);
        jdbi.useHandle(handle -> handle.execute("""
                insert into segment (key, name, kind, time_zone, state, created_at, created_by, updated_at, updated_by)
                values ('everyone', 'Everyone', 'static', 'UTC', 'live', now(), 'test', now(), 'test')
                """));
        jdbi.useHandle(handle -> handle.execute("""
                insert into message (key, channel, state, live_version, created_at, created_by, updated_at, updated_by)
                values ('hello', 'email', 'live', 1, now(), 'test', now(), 'test')
                """));
        walks.draft(KEY, DOCUMENT);
        walks.live(KEY);
        walks.draft("unborn", DOCUMENT);
    }

    void publishSecondVersion() {
        walks.edit(KEY, DOCUMENT.replace("\"duration\": \"P5D\"", "\"duration\": \"P3D\""));
    }

    void step() {
        now = now.plus(Duration.ofMinutes(random.nextInt(60 * 12))).plusNanos(random.nextInt(1_000) * 1_000L);
        var runs = walks.runs();
        if (runs.isEmpty() || random.nextInt(6) == 0) {
            walks.enter(KEY, contact());
            return;
        }
        var run = runs.get(random.nextInt(runs.size()));
        switch (run.status()) {
            case "pending" -> {
                if (random.nextInt(8) == 0) {
                    walks.stop(run, "removed");
                } else {
                    walks.goOn(run, false);
                }
            }
            case "active" -> passOn(run);
            default -> react(run);
        }
    }

    private long contact() {
        contacts++;
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into contact (external_id, created_at, updated_at) values (:id, :now, :now) returning id
                        """)
                .bind("id", "c" + contacts)
                .bind("now", now)
                .mapTo(Long.class)
                .one());
    }

    private void passOn(Walks.At run) {
        var chance = random.nextInt(20);
        if (chance < 2) {
            walks.does(run.contact(), "WebsiteVisited", Map.of());
            walks.goOn(run, false);
        } else if (chance < 3) {
            walks.stop(run, "removed");
        } else if (chance < 8) {
            react(run);
        } else if (run.tile().equals("remind") || run.tile().equals("offer")) {
            walks.leave(run, sent());
        } else {
            now = now.isBefore(run.until()) ? run.until() : now;
            walks.goOn(run, true);
        }
    }

    private VisitEnd sent() {
        return switch (random.nextInt(14)) {
            case 0 -> new VisitEnd.Processed("unconfirmed", null);
            case 1, 2 -> new VisitEnd.Processed("blocked", BLOCKED.get(random.nextInt(BLOCKED.size())));
            case 3 -> new VisitEnd.Processed("bounced", "hard");
            case 4 -> new VisitEnd.Processed("bounced", "soft");
            case 5 -> new VisitEnd.Processed("bounced", "block");
            case 6 -> new VisitEnd.Expired();
            case 7 -> new VisitEnd.Failed("message-not-live");
            case 8 -> new VisitEnd.Stopped("consent-withdrawn");
            default -> new VisitEnd.Processed("sent", null);
        };
    }

    /** What a contact does with a message that was sent, or the goal. */
    private void react(Walks.At run) {
        switch (random.nextInt(6)) {
            case 0 -> {
                walks.does(run.contact(), "FormSubmitted", Map.of());
                walks.noteGoal(run);
            }
            case 1 -> about(run, "EmailClicked", Map.of("link", LINKS.get(random.nextInt(LINKS.size()))));
            case 2 -> about(run, "EmailUnsubscribed", Map.of());
            case 3 -> about(run, "EmailComplained", Map.of());
            default -> about(run, "EmailOpened", Map.of());
        }
    }

    private void about(Walks.At run, String type, Map<String, Object> more) {
        jdbi.withHandle(handle -> handle.createQuery("""
                        select v.tile, v.pass, v.version, v.entered_at, r.entered_at, v.branch
                        from tile_visit v join run r on r.id = v.run_id
                        where v.run_id = :run and v.type in ('email', 'abTest') and v.outcome = 'sent' order by v.no desc limit 1
                        """)
                        .bind("run", run.id())
                        .map((row, _) -> {
                            var properties = new HashMap<String, Object>(more);
                            properties.put("journey", KEY);
                            properties.put("tile", row.getString(1));
                            properties.put("pass", row.getInt(2));
                            properties.put("version", row.getInt(3));
                            properties.put("tileEnteredAt", row.getTimestamp(4).toInstant());
                            properties.put("runEnteredAt", row.getTimestamp(5).toInstant());
                            properties.put("run", run.id().toString());
                            if (row.getString(6) != null) {
                                properties.put("variant", row.getString(6));
                            }
                            return properties;
                        })
                        .findOne())
                .ifPresent(properties -> walks.does(run.contact(), type, properties));
    }
}
