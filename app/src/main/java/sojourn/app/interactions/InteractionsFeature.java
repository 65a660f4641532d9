package sojourn.app.interactions;

import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.platform.Loop;

/** The door to interactions. */
public final class InteractionsFeature {

    private static final Duration HOUSEKEEPING = Duration.ofHours(1);

    private final Jdbi jdbi;
    private final InteractionTypes types;
    private final OwnInteractions own;
    private final Ingestion ingestion;
    private final Housekeeping housekeeping;
    private final Contacts contacts;

    /** @param clockSkew how far in the future an interaction may have occurred */
    public InteractionsFeature(Jdbi jdbi, ContactsFeature contacts, InstantSource clock, Duration clockSkew) {
        this.jdbi = jdbi;
        this.contacts = contacts.contacts();
        var months = new Months(jdbi, clock);
        types = new InteractionTypes(jdbi);
        own = new OwnInteractions(contacts.changes(), clock);
        ingestion = new Ingestion(jdbi, contacts.contacts(), contacts.changes(), months, clock, clockSkew);
        housekeeping = new Housekeeping(jdbi, months, clock);
        contacts.erasure().add(new InteractionErasure(contacts.contacts(), contacts.changes(), clock));
        contacts.merges().addFollowing(new InteractionMerge(contacts.changes()));
    }

    public InteractionTypes types() {
        return types;
    }

    public OwnInteractions own() {
        return own;
    }

    /** Puts the feature into the application: its endpoints, and its work in the background. */
    public void register(Environment environment) {
        housekeeping.makeMonths();
        environment.jersey().register(new InteractionTypesResource(jdbi));
        environment.jersey().register(new InteractionsResource(jdbi, ingestion));
        environment.jersey().register(new TimelineResource(jdbi, contacts));
        environment.lifecycle().manage(new Loop("interactions-housekeeping", HOUSEKEEPING, housekeeping::run));
    }
}
