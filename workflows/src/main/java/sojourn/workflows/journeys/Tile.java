package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One box of a journey. {@code next} names the tile after it; null ends the run as {@code completed}.
 *
 * <p>Parts an author may leave out while drafting are nullable here; {@code check} says what is missing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SendingTile.Email.class, name = "email"),
    @JsonSubTypes.Type(value = SendingTile.Text.class, name = "text"),
    @JsonSubTypes.Type(value = SendingTile.Push.class, name = "push"),
    @JsonSubTypes.Type(value = SendingTile.Webhook.class, name = "webhook"),
    @JsonSubTypes.Type(value = Tile.WaitFor.class, name = "waitFor"),
    @JsonSubTypes.Type(value = Tile.WaitUntil.class, name = "waitUntil"),
    @JsonSubTypes.Type(value = Tile.IfThen.class, name = "ifThen"),
    @JsonSubTypes.Type(value = Tile.AttributeBranch.class, name = "attributeBranch"),
    @JsonSubTypes.Type(value = Tile.End.class, name = "end"),
    @JsonSubTypes.Type(value = Split.class, name = "split"),
    @JsonSubTypes.Type(value = AbTest.class, name = "abTest"),
    @JsonSubTypes.Type(value = UpdateContact.class, name = "updateContact"),
    @JsonSubTypes.Type(value = AddToSegment.class, name = "addToSegment"),
    @JsonSubTypes.Type(value = RemoveFromSegment.class, name = "removeFromSegment"),
    @JsonSubTypes.Type(value = Emit.class, name = "emit"),
    @JsonSubTypes.Type(value = StartJourney.class, name = "startJourney"),
    @JsonSubTypes.Type(value = CreateTask.class, name = "createTask"),
    @JsonSubTypes.Type(value = CreateAppointment.class, name = "createAppointment"),
    @JsonSubTypes.Type(value = CreatePhoneCall.class, name = "createPhoneCall"),
    @JsonSubTypes.Type(value = CreateLead.class, name = "createLead"),
    @JsonSubTypes.Type(value = CallWorkflow.class, name = "callWorkflow")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Tile
        permits SendingTile,
                Tile.WaitFor,
                Tile.WaitUntil,
                Tile.IfThen,
                Tile.AttributeBranch,
                Tile.Acting,
                Tile.Elsewhere,
                Tile.End {

    /** The name under which `otherwise` is counted; authors cannot use it for a branch of their own. */
    String OTHERWISE = "no";

    /** Its name in documents, tables and figures. */
    String type();

    /** Where a run may go from here, by JSON pointer below the tile; a null value ends the run. */
    Map<String, @Nullable String> exits();

    /** What the tile sends, whichever message that is; null when it sends nothing. */
    default @Nullable SendingTile sending() {
        return null;
    }

    /** Keys of the messages that it may send. */
    default Stream<String> messages() {
        return Stream.empty();
    }

    /** Whose clock counts calendar parts of a wait. */
    enum Zone {
        contact,
        journey
    }

    /**
     * Lets {@code duration} pass; its calendar part counts in the contact's zone unless {@code zone} says otherwise.
     *
     * @param passes how often a run may wait here; as often as it comes when null, which no path that comes back may be
     */
    record WaitFor(
            @Nullable Span duration,
            @Nullable Zone zone,
            @Nullable Passes passes,
            @JsonInclude @Nullable String next) implements Tile {

        @Override
        public String type() {
            return "waitFor";
        }

        @Override
        public Map<String, @Nullable String> exits() {
            return Exits.of(next, passes);
        }
    }

    /** As documents write it. */
    enum Weekday {
        monday,
        tuesday,
        wednesday,
        thursday,
        friday,
        saturday,
        sunday;

        DayOfWeek day() {
            return DayOfWeek.valueOf(name().toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Lets time pass until a local moment of the contact's zone (or the journey's, by {@code zone}): {@code at}, or what an
     * attribute says, or the next of a weekday, of a time of day, or of both.
     *
     * @param attribute a date or timestamp of the contact, or {@code trigger.} and one of the interaction that let the run in
     * @param offset how long before or after what the attribute says
     * @param time of the day that the attribute and the offset come to, or of the next such day
     * @param passes how often a run may wait here; as often as it comes when null, which no path that comes back may be
     * @param past {@code continue} (the default), or the tile to skip to when the moment has passed on arrival or is unknown
     */
    record WaitUntil(
            @Nullable LocalDateTime at,
            @Nullable String attribute,
            @Nullable Offset offset,
            @Nullable Weekday weekday,
            @Nullable LocalTime time,
            @Nullable Zone zone,
            @Nullable Passes passes,
            @Nullable String past,
            @JsonInclude @Nullable String next)
            implements Tile {

        static final String CONTINUE = "continue";

        @Override
        public String type() {
            return "waitUntil";
        }

        @Override
        public Map<String, @Nullable String> exits() {
            var exits = Exits.of(next, passes);
            if (past != null && !past.equals(CONTINUE)) {
                exits.put("/past", past);
            }
            return exits;
        }
    }

    /**
     * Holds until a branch's condition holds or {@code timeLimit} has passed.
     *
     * @param since from when facts count: {@code run} (default), {@code tile}, an earlier tile's id, or a duration back
     */
    record IfThen(
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Branch> branches,
            @Nullable String since,
            @Nullable Span timeLimit,
            @JsonInclude @Nullable String otherwise)
            implements Tile {

        public IfThen {
            branches = branches == null ? null : List.copyOf(branches);
        }

        /** The branches, none while they are not drafted yet. */
        public List<Branch> all() {
            return branches == null ? List.of() : branches;
        }

        @Override
        public String type() {
            return "ifThen";
        }

        @Override
        public Map<String, @Nullable String> exits() {
            var exits = Exits.of("/otherwise", otherwise);
            for (var index = 0; index < all().size(); index++) {
                exits.put("/branches/" + index + "/next", all().get(index).next());
            }
            return exits;
        }
    }

    /** A way out of an {@link IfThen}: taken when any of {@code when} holds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Branch(
            @Nullable String name,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Condition> when,
            @JsonInclude @Nullable String next) {

        public Branch {
            when = when == null ? null : List.copyOf(when);
        }

        public List<Condition> any() {
            return when == null ? List.of() : when;
        }
    }

    /** Either an interaction, or a segment and what the contact is to it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Condition(
            @Nullable Happening interaction,
            @Nullable String segment,
            @Nullable Relation is) {

        /** What wakes a run that waits for this: an interaction type, or {@code segment:key}. */
        public Stream<String> listensTo() {
            return Stream.of(
                            interaction == null ? null : interaction.type(),
                            segment == null ? null : "segment:" + segment)
                    .flatMap(Stream::ofNullable);
        }
    }

    /** What a contact can be to a segment. */
    enum Relation {
        joined,
        left,
        member,
        notMember
    }

    /**
     * An interaction of a type.
     *
     * @param filter a condition of the segment language over its properties
     * @param of an earlier tile (this run's latest pass of it) or a message that it must be about
     * @param atLeast how many there must be, 1 when null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Happening(
            @Nullable String type,
            @Nullable String filter,
            @Nullable String of,
            @Nullable Integer atLeast) {}

    /** Takes the first branch whose condition over the contact holds; decided at once. */
    record AttributeBranch(
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Case> branches,
            @JsonInclude @Nullable String otherwise)
            implements Tile {

        public AttributeBranch {
            branches = branches == null ? null : List.copyOf(branches);
        }

        public List<Case> all() {
            return branches == null ? List.of() : branches;
        }

        @Override
        public String type() {
            return "attributeBranch";
        }

        @Override
        public Map<String, @Nullable String> exits() {
            var exits = Exits.of("/otherwise", otherwise);
            for (var index = 0; index < all().size(); index++) {
                exits.put("/branches/" + index + "/next", all().get(index).next());
            }
            return exits;
        }
    }

    /** A way out of an {@link AttributeBranch}; {@code when} is a condition of the segment language over the contact. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Case(
            @Nullable String name,
            @Nullable String when,
            @JsonInclude @Nullable String next) {}

    /** A tile that does something when a run comes to it, once, and goes on. */
    sealed interface Acting extends Tile
            permits Split, AbTest, UpdateContact, Picking, Emit, StartJourney, ToDo, CreateLead {

        /** The ways out by name; none of a tile with one way. */
        default List<String> branchNames() {
            return List.of();
        }
    }

    /** An {@link Acting} tile that puts the contact into a segment or takes it out. */
    sealed interface Picking extends Acting permits AddToSegment, RemoveFromSegment {

        @Nullable
        String segment();

        /** Whether the contact is to be a member. */
        boolean in();

        @Nullable
        String next();
    }

    /** An {@link Acting} tile that gives somebody something to do: a user, a team, or the contact's owner where none is named. */
    sealed interface ToDo extends Acting permits CreateTask, CreateAppointment, CreatePhoneCall {

        @Nullable
        String user();

        @Nullable
        String team();

        /** May have personalization in it, like {@code text}. */
        @Nullable
        String subject();

        @Nullable
        String text();

        /** How long there is; null when there is no hurry. */
        @Nullable
        Span due();

        @Nullable
        String next();
    }

    /** A tile that has something done outside this product. */
    sealed interface Elsewhere extends Tile permits CallWorkflow {

        /** The ways out by name; none of a tile that does not wait. */
        List<String> branchNames();
    }

    /** Finishes the run with a named outcome. */
    record End(@Nullable String outcome) implements Tile {

        @Override
        public String type() {
            return "end";
        }

        @Override
        public Map<String, @Nullable String> exits() {
            return Map.of();
        }
    }
}
