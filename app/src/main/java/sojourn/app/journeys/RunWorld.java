package sojourn.app.journeys;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Planner;
import sojourn.workflows.journeys.StartJourney;
import sojourn.workflows.journeys.Tile;

/**
 * What a run may look at, read from PostgreSQL when asked for. Good for one look: it remembers what it has read, so a
 * later look needs a new one.
 */
final class RunWorld implements Planner.World {

    private static final ObjectMapper JSON = sojourn.app.platform.Json.mapper();
    private static final TypeReference<Map<String, Object>> PROPERTIES = new TypeReference<>() {};
    private static final TypeReference<JsonNode> NODE = new TypeReference<>() {};

    private final Handle handle;
    private final RunRow run;
    private final LiveVersion version;
    private final Instant now;
    private final FactFilter filter;
    private final ContactQuestion question;
    private final Map<Since, List<FactFilter.Fact>> facts = new HashMap<>();
    private final Map<Tile.Happening, FactFilter.Fact> found = new HashMap<>();
    private @Nullable ZoneId contactZone;

    /** What can be asked about a contact. */
    interface ContactQuestion {

        /**
         * Whether a condition of the segment language holds.
         *
         * @param triggerType of the interaction whose properties the condition may ask for; null when there is none
         * @param trigger that interaction, if one has let the run in
         */
        boolean holds(
                Handle handle,
                long contactId,
                String condition,
                ZoneId zone,
                @Nullable String triggerType,
                FactFilter.@Nullable Fact trigger);

        /** The date or the instant that an attribute says, or, after {@code trigger.}, a property of the trigger. */
        Optional<Object> moment(Handle handle, long contactId, String attribute, FactFilter.@Nullable Fact trigger);
    }

    private record Since(String type, Instant since) {}

    RunWorld(Handle handle, RunRow run, LiveVersion version, Instant now, FactFilter filter, ContactQuestion question) {
        this.handle = handle;
        this.run = run;
        this.version = version;
        this.now = now;
        this.filter = filter;
        this.question = question;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public ZoneId contactZone() {
        if (contactZone == null) {
            contactZone = handle.select("select time_zone from contact where id = ?", run.contactId())
                    .mapTo(String.class)
                    .findOne()
                    .flatMap(RunWorld::zone)
                    .orElse(version.zone());
        }
        return contactZone;
    }

    private static Optional<ZoneId> zone(String name) {
        try {
            return Optional.of(ZoneId.of(name));
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }

    @Override
    public ZoneId journeyZone() {
        return version.zone();
    }

    @Override
    public Instant entered() {
        return run.enteredAt();
    }

    @Override
    public Optional<Instant> visited(String tile) {
        return handle.select(
                        "select entered_at from tile_visit where run_id = ? and tile = ? order by no desc limit 1",
                        run.id(),
                        tile)
                .map((row, _) -> Columns.instant(row, "entered_at"))
                .findOne();
    }

    @Override
    public Optional<Instant> left(String tile) {
        return handle.select("select max(left_at) as at from tile_visit where run_id = ? and tile = ?", run.id(), tile)
                .map((row, _) -> Optional.ofNullable(Columns.instantOrNull(row, "at")))
                .one();
    }

    @Override
    public int passes(String tile) {
        return handle.select("select count(*) from tile_visit where run_id = ? and tile = ?", run.id(), tile)
                .mapTo(Integer.class)
                .one();
    }

    @Override
    public Optional<Instant> happened(Tile.Happening happening, Instant since, Instant until) {
        var type = happening.type();
        if (type == null) {
            return Optional.empty();
        }
        var fact = find(happening, type, since, until);
        fact.ifPresent(each -> found.put(happening, each));
        return fact.map(FactFilter.Fact::occurredAt);
    }

    /** The interaction that was the answer when it was last asked for. */
    Optional<FactFilter.Fact> found(Tile.Happening happening) {
        return Optional.ofNullable(found.get(happening));
    }

    private Optional<FactFilter.Fact> find(Tile.Happening happening, String type, Instant since, Instant until) {
        var about = about(happening.of()).orElse(null);
        if (about == null) {
            return Optional.empty();
        }
        return facts(type, since).stream()
                .filter(fact -> !fact.occurredAt().isAfter(until))
                .filter(fact -> about.entrySet().stream()
                        .allMatch(each -> each.getValue()
                                .equals(fact.properties().path(each.getKey()).asText())))
                .filter(this::isHeard)
                .filter(fact -> filter.matches(handle, fact, happening.filter(), version.zone(), now))
                .skip(happening.atLeast() == null ? 0 : Math.max(0, happening.atLeast() - 1))
                .findFirst();
    }

    /**
     * The properties that make an interaction be of this run's latest pass of a tile, or of the latest at which it was to send a
     * message; empty when there was none.
     */
    private Optional<Map<String, String>> about(@Nullable String of) {
        if (of == null) {
            return Optional.of(Map.of());
        }
        var id = run.id().toString();
        if (version.document().allTiles().containsKey(of)) {
            var pass = new RunRows(handle).passes(run.id(), of);
            return Optional.of(Map.of("run", id, "tile", of, "pass", String.valueOf(pass)));
        }
        return handle.select("""
                        select tile, pass from delivery where run_id = ? and message = ? order by visit desc limit 1
                        """, run.id(), of)
                .map((row, _) -> Map.of("run", id, "message", of, "tile", row.getString(1), "pass", row.getString(2)))
                .findOne();
    }

    /** The first fact that an exit or a goal means, at or after {@code since}; its clock may be ahead of ours. */
    Optional<FactFilter.Fact> first(JourneyDocument.Fact wanted, Instant since) {
        var type = wanted.type();
        if (type == null) {
            return Optional.empty();
        }
        return facts(type, since).stream()
                .filter(this::isHeard)
                .filter(fact -> filter.matches(handle, fact, wanted.filter(), version.zone(), now))
                .findFirst();
    }

    /** Of runs of a contact side by side each hears what says nothing of what tells them apart, or says the same. */
    private boolean isHeard(FactFilter.Fact fact) {
        var key = version.document().bindingKey();
        var value = key == null ? null : Binding.of(fact.properties(), key);
        return value == null || run.binding() == null || value.equals(run.binding());
    }

    private List<FactFilter.Fact> facts(String type, Instant since) {
        return facts.computeIfAbsent(new Since(type, since), this::read);
    }

    private List<FactFilter.Fact> read(Since wanted) {
        return handle.select("""
                        select i.occurred_at, coalesce(i.properties, '{}') as properties
                        from interaction i
                        where i.type_id = (select id from interaction_type where key = ?)
                          and i.contact_id = ? and i.occurred_at >= ? and i.id is distinct from ?
                        order by i.occurred_at
                        """, wanted.type(), run.contactId(), wanted.since(), run.triggerId())
                .map((row, _) -> fact(wanted.type(), row))
                .list();
    }

    private static FactFilter.Fact fact(String type, ResultSet row) throws SQLException {
        return new FactFilter.Fact(type, Columns.instant(row, "occurred_at"), Columns.json(row, "properties", NODE));
    }

    @Override
    public Optional<Instant> became(String segment, Tile.Relation relation, Instant since, Instant until) {
        var id = version.segmentIds().get(segment);
        if (id == null) {
            return Optional.empty();
        }
        var joined = handle.select(
                        "select joined_at from membership where segment_id = ? and contact_id = ?", id, run.contactId())
                .mapTo(Instant.class)
                .findOne();
        return switch (relation) {
            case member -> joined.map(at -> later(at, since)).filter(at -> !at.isAfter(until));
            case notMember ->
                joined.isPresent()
                        ? Optional.empty()
                        : Optional.of(past(id, "left_at").stream().reduce(since, RunWorld::later))
                                .filter(at -> !at.isAfter(until));
            case joined ->
                Stream.concat(joined.stream(), past(id, "joined_at").stream())
                        .filter(at -> !at.isBefore(since) && !at.isAfter(until))
                        .min(Comparator.naturalOrder());
            case left ->
                past(id, "left_at").stream()
                        .filter(at -> !at.isBefore(since) && !at.isAfter(until))
                        .min(Comparator.naturalOrder());
        };
    }

    private List<Instant> past(int segmentId, String column) {
        return handle.createQuery(
                        "select <column> from past_membership where segment_id = :segment and contact_id = :contact")
                .define("column", column)
                .bind("segment", segmentId)
                .bind("contact", run.contactId())
                .mapTo(new GenericType<Instant>() {})
                .list();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    @Override
    public Optional<String> branchBefore(String tile) {
        return handle.select("""
                        select v.branch
                        from run r join tile_visit v on v.run_id = r.id
                        where r.contact_id = ? and r.journey_id = ? and v.tile = ? and v.branch is not null
                        order by r.run_no desc, v.no desc limit 1
                        """, run.contactId(), run.journeyId(), tile)
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public Optional<AbTest.Assigned> variant(int visit) {
        return handle.select("""
                        select branch, coalesce(why #>> '{}', '') from tile_visit
                        where run_id = ? and no = ? and branch is not null
                        """, run.id(), visit)
                .map((row, _) -> new AbTest.Assigned(row.getString(1), row.getString(2)))
                .findOne();
    }

    @Override
    public Optional<StartJourney.Started> started(int visit) {
        return handle.select("""
                        select r.status, r.ended_at from run_start s join run r on r.id = s.started
                        where s.run_id = ? and s.visit = ?
                        """, run.id(), visit)
                .map((row, _) -> new StartJourney.Started(row.getString(1), Columns.instantOrNull(row, "ended_at")))
                .findOne();
    }

    @Override
    public CallWorkflow.Caller caller() {
        var contact = handle.select("select uuid from contact where id = ?", run.contactId())
                .mapTo(UUID.class)
                .one();
        return new CallWorkflow.Caller(run.id(), version.key(), run.version(), contact);
    }

    @Override
    public int chance(String tile) {
        return Chance.of(run.contactId() + "/" + version.key() + "/" + tile);
    }

    @Override
    public boolean holds(String condition) {
        return question.holds(
                handle,
                run.contactId(),
                condition,
                version.zone(),
                version.document().triggerType(),
                trigger());
    }

    @Override
    public Optional<Object> moment(String attribute) {
        return question.moment(handle, run.contactId(), attribute, trigger());
    }

    /** What templates may say of the interaction that let the run in: its properties as sent, and when it happened. */
    Map<String, Object> triggerValues() {
        var trigger = trigger();
        if (trigger == null) {
            return Map.of();
        }
        var values = new HashMap<String, Object>(JSON.convertValue(trigger.properties(), PROPERTIES));
        values.values().removeIf(Objects::isNull);
        values.put("occurredAt", trigger.occurredAt().toString());
        return values;
    }

    /** The interaction that let the run in; null when none did, or when it is no longer kept. */
    FactFilter.@Nullable Fact trigger() {
        var type = version.document().triggerType();
        if (run.triggerId() == null || type == null) {
            return null;
        }
        return handle.select("""
                        select occurred_at, coalesce(properties, '{}') as properties
                        from interaction where id = ? and occurred_at = ?
                        """, run.triggerId(), run.triggerAt())
                .map((row, _) -> fact(type, row))
                .findOne()
                .orElse(null);
    }
}
