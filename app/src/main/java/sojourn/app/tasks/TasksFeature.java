package sojourn.app.tasks;

import io.dropwizard.core.setup.Environment;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.interactions.InteractionsFeature;

/** The door to tasks. */
public final class TasksFeature {

    private final Jdbi jdbi;
    private final ContactsFeature contacts;
    private final Tasks tasks;

    public TasksFeature(Jdbi jdbi, ContactsFeature contacts, InteractionsFeature interactions, InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        tasks = new Tasks(jdbi, contacts.changes(), interactions.emitted(), clock);
        contacts.erasure().add((handle, contact) -> handle.attach(TaskDao.class).erase(contact.id(), clock.instant()));
        contacts.merges().add((handle, merge) -> handle.attach(TaskDao.class).merge(merge.loser(), merge.winner()));
    }

    public Tasks tasks() {
        return tasks;
    }

    public void register(Environment environment) {
        environment.jersey().register(new TasksResource(jdbi, contacts.contacts(), tasks));
    }
}
