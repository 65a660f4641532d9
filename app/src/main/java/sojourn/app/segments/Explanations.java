package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Columns;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.segments.language.Explainer;
import sojourn.app.segments.language.Explanation;
import sojourn.app.segments.language.Needs;

/** Says why one contact is in a segment or is not. */
final class Explanations {

    private final Questions questions;
    private final Contacts contacts;
    private final ContactStates states;

    Explanations(Questions questions, Contacts contacts, ContactStates states) {
        this.questions = questions;
        this.contacts = contacts;
        this.states = states;
    }

    /**
     * Why, as of one moment.
     *
     * @param contactState {@code active} or {@code inactive}, which decides nothing here
     * @param segment its key; null when the query is nobody's
     * @param belongs whether the segment has the contact: {@code tree.holds} is what the query says, {@code override} and
     *     {@code inScope} come before it
     * @param until when the clock alone will change that, if nothing happens; null when never, or not known
     * @param override what somebody has decided about the contact; null when nobody has
     * @param inScope whether the segment can have the contact at all; null when the query is nobody's
     * @param member whether the contact is a member of the segment; null when the query is nobody's
     * @param memberSince since when it has been one, or has not been one; null when it never was
     * @param decidedBy what the membership follows; null when the query is nobody's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            UUID contactId,
            @Nullable String externalId,
            String contactState,
            @Nullable String segment,
            String query,
            ZoneId timeZone,
            Instant at,
            boolean belongs,
            @Nullable Instant until,
            @Nullable Boolean member,
            @Nullable Instant memberSince,
            @Nullable Decision decidedBy,
            @Nullable Decided override,
            @Nullable Boolean inScope,
            Explanation tree)
            implements PersonalAnswer {}

    /** What somebody has decided about a contact, whatever the query says. */
    record Decided(OverrideKind kind, @Nullable String reason, Instant at, String by) {}

    /** What decides who is a member; the names are the API's. */
    enum Decision {
        /** The query, evaluated as things happen. */
        query,
        /** Somebody has the contact in, whatever the query says. */
        include,
        /** Somebody has the contact out, whatever the query says. */
        exclude,
        /** The contact is not one of those whom the segment can have. */
        scope,
        /** Somebody added the contact, or did not. */
        hand,
        /** The segment's last evaluation before it was stopped, or failed. */
        stopped,
        /** Nothing yet: the segment has not been live. */
        notLive
    }

    Answer explain(Asked asked, String reference, Caller caller) {
        return questions.ask(asked, question -> {
            var handle = question.handle();
            var id = contacts.resolve(handle, reference).orElseThrow(() -> Contacts.unknown(reference));
            var contact = contacts.find(handle, id).orElseThrow(() -> Contacts.unknown(reference));
            return explain(question, contact, caller);
        });
    }

    private Answer explain(Question question, Contact contact, Caller caller) {
        var handle = question.handle();
        var needs = Needs.of(question.query());
        var state = states.load(handle, List.of(contact.id()), needs).get(contact.id());
        if (state == null) {
            throw Problem.notFound("contact", contact.uuid());
        }
        var tree = Explainer.explain(
                question.query(),
                state,
                question.now(),
                question.zone(),
                memberSince(handle, contact.id(), needs.segments()),
                caller.mayReadContactPoints() ? Set.of() : ChosenAttributes.CONTACT_POINTS);
        var segment = question.asked().segment();
        var decided = question.decided();
        var override = decided == null ? null : override(handle, decided, contact);
        var kind = override == null ? null : override.kind();
        var inScope = decided == null || question.scope().has(state);
        return new Answer(
                contact.uuid(),
                contact.externalId(),
                contact.state(),
                segment == null ? null : segment.key(),
                question.asked().query(),
                question.zone(),
                question.now(),
                inScope && Belonging.holds(kind, tree::holds),
                inScope && override == null ? tree.until() : null,
                segment == null ? null : new Memberships().isMember(handle, contact.id(), segment.id()),
                segment == null
                        ? null
                        : memberSince(handle, contact.id(), Set.of(segment.key()))
                                .get(segment.key()),
                segment == null ? null : decision(segment, inScope, kind),
                override,
                decided == null ? null : (Boolean) inScope,
                tree);
    }

    private static @Nullable Decided override(Handle handle, Segment segment, Contact contact) {
        return handle.createQuery("""
                        select kind, reason, at, by_ from segment_override
                        where segment_id = :segment and contact_id = :contact
                        """)
                .bind("segment", segment.id())
                .bind("contact", contact.id())
                .map((row, _) -> new Decided(
                        OverrideKind.of(row.getString(1)).orElseThrow(),
                        row.getString(2),
                        Columns.instant(row, "at"),
                        row.getString(4)))
                .findOne()
                .orElse(null);
    }

    private static Decision decision(Segment segment, boolean inScope, @Nullable OverrideKind override) {
        if (!segment.isDynamic()) {
            return Decision.hand;
        }
        return switch (segment.state()) {
            case LIVE -> inScope ? decision(override) : Decision.scope;
            case STOPPED, ERROR -> Decision.stopped;
            case DRAFT, GOING_LIVE -> segment.firstLiveAt() == null ? Decision.notLive : Decision.stopped;
        };
    }

    private static Decision decision(@Nullable OverrideKind override) {
        return switch (override) {
            case INCLUDE -> Decision.include;
            case EXCLUDE -> Decision.exclude;
            case null -> Decision.query;
        };
    }

    /** By segment, when the contact joined it, or when it left it last; nothing of segments that it was never in. */
    private static Map<String, Instant> memberSince(Handle handle, long contact, Set<String> segments) {
        var since = new HashMap<String, Instant>();
        handle.createQuery("""
                        select s.key, coalesce(m.joined_at, (select max(p.left_at) from past_membership p
                                                             where p.contact_id = :contact and p.segment_id = s.id))
                        from segment s
                        left join membership m on m.segment_id = s.id and m.contact_id = :contact
                        where s.key = any(:segments)
                        """)
                .bind("contact", contact)
                .bind("segments", segments.toArray(String[]::new))
                .map((row, _) -> {
                    var at = row.getObject(2, OffsetDateTime.class);
                    if (at != null) {
                        since.put(row.getString(1), at.toInstant());
                    }
                    return at;
                })
                .list();
        return since;
    }
}
