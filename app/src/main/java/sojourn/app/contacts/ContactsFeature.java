package sojourn.app.contacts;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
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
    private final Erasure erasure;
    private final Merges merges = new Merges();
    private final ProfileTypes profileTypes;
    private final ProfileTypeEditor typeEditor;
    private final BusinessUnits businessUnits;

    public ContactsFeature(Jdbi jdbi, InstantSource clock) {
        this(jdbi, new Erasure(), clock);
    }

    /** With an erasure that has steps already, or gets some from elsewhere. */
    public ContactsFeature(Jdbi jdbi, Erasure erasure, InstantSource clock) {
        this.jdbi = jdbi;
        this.erasure = erasure;
        this.clock = clock;
        profileTypes = new ProfileTypes(jdbi);
        typeEditor = new ProfileTypeEditor(jdbi, changes, clock);
        businessUnits = new BusinessUnits(jdbi, changes, clock);
    }

    public Contacts contacts() {
        return contacts;
    }

    public Changes changes() {
        return changes;
    }

    public ContactIntake intake() {
        return new ContactIntake(contacts, changes);
    }

    /** To change contacts by. */
    public ContactFields fields() {
        return new ContactFields(changes);
    }

    /** To make leads of contacts by. */
    public LeadMaker leads() {
        return new LeadMaker(changes);
    }

    public Erasure erasure() {
        return erasure;
    }

    public Merges merges() {
        return merges;
    }

    public ProfileTypes profileTypes() {
        return profileTypes;
    }

    /** To declare attributes by. */
    public NewAttributes newAttributes() {
        return new NewAttributes(typeEditor);
    }

    /** Makes a user of what is declared known, who keeps it from being taken away. */
    public void usedBy(ProfileTypeUse use) {
        typeEditor.usedBy(use);
    }

    public BusinessUnits businessUnits() {
        return businessUnits;
    }

    /** Puts the feature's endpoints into the application. */
    public void register(Environment environment, Jobs jobs, Idempotency idempotency, ContactSettings settings) {
        var leads = new Leads(settings.leads());
        environment.jersey().register(new ProfileTypesResource(jdbi, typeEditor));
        environment.jersey().register(new BusinessUnitsResource(jdbi, businessUnits));
        var editor = new ContactEditor(jdbi, changes, erasure, clock);
        environment.jersey().register(new ContactsResource(jdbi, editor));
        environment.jersey().register(new ContactMergeResource(new ContactMerge(jdbi, changes, merges, clock)));
        jobs.register(new RecordImport(RecordImport.CONTACTS, jdbi, changes, leads, clock));
        environment.jersey().register(new ContactImportResource(jobs));
        environment.jersey().register(new ContactExportResource(jdbi));
        registerProfiles(environment.jersey(), jobs, leads);
        erasure.add((handle, contact) -> {
            idempotency.erase(handle, contact.uuid());
            Aliases.uuids(handle, contact.id()).forEach(merged -> idempotency.erase(handle, merged));
        });
        idempotency.guardedBy((handle, contact) -> {
            Erasure.holdOff(handle);
            return contacts.resolve(handle, contact.toString()).isPresent();
        });
    }

    private void registerProfiles(JerseyEnvironment jersey, Jobs jobs, Leads leads) {
        jersey.register(new ProfilesResource(jdbi, new ProfileEditor(jdbi, changes, leads, clock)));
        jobs.register(new RecordImport(RecordImport.PROFILES, jdbi, changes, leads, clock));
        jersey.register(new ProfileImportResource(jdbi, jobs));
        jersey.register(new RelationshipsResource(jdbi, new RelationshipEditor(jdbi, typeEditor, clock)));
        jersey.register(new LinksResource(jdbi, new LinkEditor(jdbi, changes, clock)));
    }
}
