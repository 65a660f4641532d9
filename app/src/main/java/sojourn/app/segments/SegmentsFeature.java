package sojourn.app.segments;

import io.dropwizard.core.setup.Environment;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.interactions.InteractionTypes;

/** The door of segments. */
public final class SegmentsFeature {

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final InstantSource clock;
    private final EvaluationSettings settings;
    private final Vocabulary vocabulary;
    private final References references = new References();
    private final SegmentLifecycle lifecycle;
    private final MembershipChanges membershipChanges = new MembershipChanges();
    private final StaticMembers staticMembers;

    public SegmentsFeature(
            Jdbi jdbi,
            ProfileTypes profiles,
            InteractionTypes interactions,
            Contacts contacts,
            Changes changes,
            EvaluationSettings settings,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.clock = clock;
        this.settings = settings;
        this.vocabulary = new Vocabulary(jdbi, profiles, interactions);
        this.lifecycle = new SegmentLifecycle(jdbi, vocabulary, references, clock);
        this.staticMembers = new StaticMembers(jdbi, contacts, changes, membershipChanges, clock);
    }

    public Segments segments() {
        return new Segments();
    }

    public Memberships memberships() {
        return new Memberships();
    }

    public MembershipChanges membershipChanges() {
        return membershipChanges;
    }

    public StaticMembers staticMembers() {
        return staticMembers;
    }

    /** Lets a later feature say which of its records use a segment. */
    public void usedBy(SegmentUse use) {
        lifecycle.usedBy(use);
    }

    /** Registers endpoints; before the application starts. */
    public void register(Environment environment) {
        var editor = new SegmentEditor(jdbi, vocabulary, references, settings.timeZone(), clock);
        environment
                .jersey()
                .register(new SegmentsResource(jdbi, vocabulary, editor, lifecycle, staticMembers, contacts));
    }
}
