package sojourn.app.delivery;

import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import sojourn.app.contacts.Contact;

/** Finds deliveries for other features. */
public final class Deliveries {

    /** The header of a test email that says whose values fill it. */
    public static final String TEST_OF = "X-Sojourn-Test-Of";

    /** A delivery as a run shows it. */
    public record OfRun(UUID id, String tile, String channel, String state) {}

    /** What emails about a contact name in their headers: their deliveries, or in a test the contact. */
    public Set<UUID> mailIds(Handle handle, Contact contact) {
        return handle.createQuery("""
                        select id from delivery where contact_id = :contact
                        union all
                        select uuid from contact where id = :contact or merged_into = :contact
                        """)
                .bind("contact", contact.id())
                .mapTo(UUID.class)
                .collect(toSet());
    }

    /** A run's deliveries in the order of its visits. */
    public List<OfRun> ofRun(Handle handle, UUID run) {
        return handle.createQuery("select id, tile, channel, state from delivery where run_id = :run order by visit")
                .bind("run", run)
                .map(ConstructorMapper.of(OfRun.class))
                .list();
    }
}
