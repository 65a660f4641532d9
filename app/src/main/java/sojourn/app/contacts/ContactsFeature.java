package sojourn.app.contacts;

import io.dropwizard.core.setup.Environment;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Idempotency;
import sojourn.app.platform.Jobs;

/** The door to contacts. */
public final class ContactsFeature {

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts = new Contacts();
    private final Changes changes = new Changes();
    private final Erasure erasure = new Erasure();
    private final ProfileTypes profileTypes;
    private final BusinessUnits businessUnits;

    public ContactsFeature(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
        profileTypes = new ProfileTypes(jdbi);
        businessUnits = new BusinessUnits(jdbi, changes, clock);
    }

    public Contacts contacts() {
        return contacts;
    }

    public Changes changes() {
        return changes;
    }

    public Erasure erasure() {
        return erasure;
    }

    public ProfileTypes profileTypes() {
        return profileTypes;
    }

    public BusinessUnits businessUnits() {
        return businessUnits;
    }

    /** Puts the feature's endpoints into the application. */
    public void register(Environment environment, Jobs jobs, Idempotency idempotency) {
        environment.jersey().register(new ProfileTypesResource(jdbi, clock));
        environment.jersey().register(new BusinessUnitsResource(jdbi, businessUnits));
        var editor = new ContactEditor(jdbi, changes, erasure, clock);
        environment.jersey().register(new ContactsResource(jdbi, editor));
        jobs.register(new ContactImport(jdbi, changes, clock));
        environment.jersey().register(new ContactImportResource(jobs));
        erasure.add((handle, contact) -> idempotency.erase(handle, contact.uuid()));
        idempotency.guardedBy((handle, contact) -> {
            Erasure.holdOff(handle);
            return contacts.resolve(handle, contact.toString()).isPresent();
        });
    }
}
