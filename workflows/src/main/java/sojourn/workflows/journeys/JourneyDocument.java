package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A journey, completely: who enters, what happens to them, what ends it early, what counts as success.
 *
 * <p>What is null here may be left out while drafting, or has the default that its reader names; {@code check} judges it.
 *
 * @param tags texts by which journeys are told apart, and asked for in segments
 * @param timeZone IANA name; the organization's when null
 * @param schedule from when to when it is live
 * @param suppressionSegment key of the segment that takes contacts out while they run
 * @param purpose what the messages are for, {@code commercial} when null
 * @param start the first tile
 * @param tiles by the author's id, stable over versions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JourneyDocument(
        @Nullable String name,
        @Nullable String description,
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> tags,
        @Nullable String timeZone,
        @Nullable Audience audience,
        @Nullable String suppressionSegment,
        @Nullable Schedule schedule,
        @Nullable Reentry reentry,
        @Nullable Limits limits,
        @Nullable Exit exit,
        @Nullable Goal goal,
        @Nullable String purpose,
        @Nullable String start,
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, Tile> tiles) {

    public JourneyDocument {
        tags = tags == null ? null : List.copyOf(tags);
        tiles = tiles == null ? null : new LinkedHashMap<>(tiles);
    }

    /**
     * Who enters: members of segments, or whoever does something.
     *
     * @param segments keys; {@code combine} says how they add up
     * @param interaction each such interaction lets its contact in
     * @param exclude keys of segments whose members do not enter
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Audience(
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> segments,
            @Nullable Combine combine,
            @Nullable Fact interaction,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> exclude) {

        public Audience {
            segments = segments == null ? null : List.copyOf(segments);
            exclude = exclude == null ? null : List.copyOf(exclude);
        }
    }

    /** When a journey begins and ends by itself, on the clock of its zone; at once, and never, when null. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Schedule(
            @Nullable LocalDateTime start, @Nullable LocalDateTime end) {}

    /** Members of any of the segments, or of all. */
    public enum Combine {
        union,
        intersection
    }

    /**
     * Whether a contact may enter again.
     *
     * @param duration for {@code after}: how long after the last entry, or after its end
     * @param since which of the two, {@code entry} when null
     * @param bindingKey for {@code always}: the property of the trigger by which runs side by side are told apart
     * @param interval for {@code recurring}: from the beginning of one iteration to that of the next
     * @param count for {@code recurring}: how many iterations there are
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reentry(
            @Nullable Policy policy,
            @Nullable Span duration,
            @Nullable Since since,
            @Nullable String bindingKey,
            @Nullable Span interval,
            @Nullable Integer count) {}

    /**
     * When a contact may enter again: never, some time after, with each interaction that lets contacts in, or once in each
     * iteration.
     */
    public enum Policy {
        never,
        after,
        always,
        recurring
    }

    /**
     * How many contacts enter, and when; on the clock of the journey's zone. Who is held back waits in line.
     *
     * @param perHour at most, evenly over the hour
     * @param perDay at most, evenly over the hours of the day in which contacts may enter
     * @param total at most, over all versions of the journey
     * @param weekdays on which contacts may enter; every day when null
     * @param hours in which they may; all day when null
     * @param expiry who has waited so long in line leaves it; as long as it takes when null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @Nullable Integer perHour,
            @Nullable Integer perDay,
            @Nullable Integer total,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<SendWindow.Day> weekdays,
            @Nullable Hours hours,
            @Nullable Span expiry) {

        public Limits {
            weekdays = weekdays == null ? null : List.copyOf(weekdays);
        }
    }

    /** A part of a day: from midnight, or until the next, where null; {@code to} at or before {@code from} is on the day after. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Hours(@Nullable LocalTime from, @Nullable LocalTime to) {}

    /** From when the duration before a re-entry counts. */
    public enum Since {
        entry,
        end
    }

    /** What ends a run early, at once, also in the middle of a wait. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Exit(
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Fact> interactions,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<SegmentExit> segments,
            @Nullable Boolean whenLeavingAudience,
            @Nullable Boolean whenConsentWithdrawn) {

        public Exit {
            interactions = interactions == null ? null : List.copyOf(interactions);
            segments = segments == null ? null : List.copyOf(segments);
        }
    }

    /** Joining or leaving a segment; exactly one is given. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SegmentExit(
            @Nullable String joins, @Nullable String leaves) {}

    /** An interaction of a type, narrowed by a condition of the segment language over its properties. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Fact(@Nullable String type, @Nullable String filter) {}

    /**
     * What counts as success.
     *
     * @param within from entry; for ever when null
     * @param value the property whose values add up to the goal's value
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Goal(
            @Nullable Fact interaction,
            @Nullable Span within,
            @Nullable String value) {}

    /** The same under another name. */
    public JourneyDocument named(String other) {
        return new JourneyDocument(
                other,
                description,
                tags,
                timeZone,
                audience,
                suppressionSegment,
                schedule,
                reentry,
                limits,
                exit,
                goal,
                purpose,
                start,
                tiles);
    }

    public Map<String, Tile> allTiles() {
        return tiles == null ? Map.of() : tiles;
    }

    public List<String> allTags() {
        return tags == null ? List.of() : tags;
    }

    public List<String> audienceSegments() {
        return audience == null || audience.segments() == null ? List.of() : audience.segments();
    }

    /** When it begins, on the clock of a zone; null for at once. */
    public @Nullable Instant startsAt(ZoneId zone) {
        return schedule == null || schedule.start() == null
                ? null
                : schedule.start().atZone(zone).toInstant();
    }

    /** When it ends; null for never. */
    public @Nullable Instant endsAt(ZoneId zone) {
        return schedule == null || schedule.end() == null
                ? null
                : schedule.end().atZone(zone).toInstant();
    }

    /** The interaction that lets contacts in; null when segments do. */
    public @Nullable Fact trigger() {
        return audience == null ? null : audience.interaction();
    }

    /** The type of that interaction; null when there is none. */
    public @Nullable String triggerType() {
        return trigger() == null ? null : trigger().type();
    }

    public Policy reentryPolicy() {
        return reentry == null || reentry.policy() == null ? Policy.never : reentry.policy();
    }

    /** The property by which runs of one contact side by side are told apart; null when nothing does. */
    public @Nullable String bindingKey() {
        return reentry == null ? null : reentry.bindingKey();
    }

    public boolean audienceIsIntersection() {
        return audience != null && audience.combine() == Combine.intersection;
    }

    public List<String> excluded() {
        return audience == null || audience.exclude() == null ? List.of() : audience.exclude();
    }

    public List<Fact> exitInteractions() {
        return exit == null || exit.interactions() == null ? List.of() : exit.interactions();
    }

    public List<SegmentExit> exitSegments() {
        return exit == null || exit.segments() == null ? List.of() : exit.segments();
    }

    public boolean exitsWhenLeavingAudience() {
        return exit != null && Boolean.TRUE.equals(exit.whenLeavingAudience());
    }

    /** On unless switched off. */
    public boolean exitsWhenConsentWithdrawn() {
        return exit == null || !Boolean.FALSE.equals(exit.whenConsentWithdrawn());
    }

    public String purposeOrDefault() {
        return purpose == null ? "commercial" : purpose;
    }

    public ZoneId zone(ZoneId otherwise) {
        return timeZone == null ? otherwise : ZoneId.of(timeZone);
    }

    /** Every message that the journey may send, by key. */
    public List<String> messages() {
        return allTiles().values().stream().flatMap(Tile::messages).distinct().toList();
    }

    /** Every segment that the journey looks at, by key. */
    public Stream<String> segmentKeys() {
        return Stream.of(
                        audienceSegments().stream(),
                        excluded().stream(),
                        Stream.ofNullable(suppressionSegment),
                        exitSegments().stream()
                                .flatMap(each ->
                                        Stream.of(each.joins(), each.leaves()).flatMap(Stream::ofNullable)),
                        allTiles().values().stream()
                                .flatMap(tile ->
                                        tile instanceof Tile.IfThen ifThen ? ifThen.all().stream() : Stream.empty())
                                .flatMap(branch -> branch.any().stream())
                                .map(Tile.Condition::segment)
                                .flatMap(Stream::ofNullable),
                        allTiles().values().stream()
                                .flatMap(tile -> tile instanceof Tile.Picking picking
                                        ? Stream.ofNullable(picking.segment())
                                        : Stream.empty()))
                .flatMap(keys -> keys)
                .distinct();
    }
}
