package sojourn.app.interactions;

import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.platform.Loop;

/** The door to interactions. */
public final class InteractionsFeature {

    private static final Duration HOUSEKEEPING = Duration.ofHours(1);

    private final Jdbi jdbi;
    private final InteractionTypes types;
    private final OwnInteractions own;
    private final Ingestion ingestion;
    private final Months months;
    private final InstantSource clock;
    private final ContactsFeature contacts;
    private final AnonymousIds anonymousIds;

    /** @param clockSkew how far in the future an interaction may have occurred */
    public InteractionsFeature(Jdbi jdbi, ContactsFeature contacts, InstantSource clock, Duration clockSkew) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.clock = clock;
        months = new Months(jdbi, clock);
        types = new InteractionTypes(jdbi);
        own = new OwnInteractions(contacts.changes(), clock);
        ingestion = new Ingestion(jdbi, types, contacts.contacts(), contacts.changes(), months, clock, clockSkew);
        anonymousIds = new AnonymousIds(contacts.changes());
        contacts.usedBy(new LookedUpTypes());
        contacts.changes().onRecordChange(new RecordInteractions(own));
        contacts.changes().onRename(new InteractionLookups(contacts.changes()));
        contacts.erasure().add(new InteractionErasure());
        contacts.erasure().add(anonymousIds::erase);
        contacts.merges().add(anonymousIds::merge);
        contacts.merges().addFollowing(new InteractionMerge(contacts.changes()));
    }

    public InteractionTypes types() {
        return types;
    }

    public OwnInteractions own() {
        return own;
    }

    /** To record by what journeys say happened. */
    public EmittedInteractions emitted() {
        return new EmittedInteractions(contacts.changes(), clock);
    }

    /**
     * Puts the feature into the application: its endpoints, and its work in the background.
     *
     * @param keepAnonymous how long interactions of anonymous ids are kept that nobody turns out to be
     */
    public void register(Environment environment, Duration keepAnonymous) {
        var housekeeping = new Housekeeping(jdbi, months, clock, keepAnonymous);
        housekeeping.makeMonths();
        environment.jersey().register(new InteractionTypesResource(jdbi, clock));
        environment.jersey().register(new InteractionsResource(jdbi, ingestion));
        environment.jersey().register(new CloudEventsResource(ingestion));
        var segmentIo = new SegmentIoIntake(jdbi, ingestion, contacts, anonymousIds, clock);
        environment.jersey().register(new SegmentIoResource(segmentIo, UUID::randomUUID));
        environment.jersey().register(new TimelineResource(jdbi, contacts.contacts()));
        environment.lifecycle().manage(new Loop("interactions-housekeeping", HOUSEKEEPING, housekeeping::run));
    }
}
