package sojourn.app.contacts;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import sojourn.app.contacts.RecordWriter.Update;

/**
 * Leaves of an erased contact's registrations for events only what is counted: the event, the status, when. They lose their
 * external ids and whatever attributes somebody declared, all of which may tell about the person.
 */
final class RegistrationErasure {

    private static final String TYPE = "event_registration";

    private RegistrationErasure() {}

    /** Before the contact's links go. */
    static void erase(Handle handle, Contact contact, Changes changes, Instant now) {
        var registrations = handle.createQuery("""
                        select p.*, :type::text as type from profile p
                        where p.id in (select l.from_id from link l join relationship r on r.id = l.relationship_id
                                       where r.key = 'event_registration_contact' and l.to_id = :contact)
                        order by p.id
                        for no key update
                        """)
                .bind("type", TYPE)
                .bind("contact", contact.id())
                .map(ConstructorMapper.of(Profile.class))
                .list();
        if (registrations.isEmpty()) {
            return;
        }
        var shape = Shape.read(handle, TYPE);
        var kept = handle.attach(ProfileTypeDao.class).attributes(TYPE).stream()
                .filter(attribute -> attribute.builtIn() && !mayTell(attribute.declaration()))
                .map(ProfileTypeDao.Attribute::key)
                .toList();
        var table = new ProfileTable(handle, shape);
        var writer = new RecordWriter<>(handle, shape, table, RecordWriter.Completion.NONE, now);
        writer.update(registrations.stream()
                .map(registration -> {
                    var before = table.fields(registration);
                    return new Update<>(registration, before, only(kept, before));
                })
                .toList());
        writer.finish(changes);
    }

    private static boolean mayTell(Declaration declaration) {
        return declaration.type() == ValueType.TEXT || Objects.equals(declaration.lookup(), ProfileTypes.CONTACT);
    }

    private static Fields only(List<String> kept, Fields fields) {
        Map<String, Object> values = new HashMap<>(fields.values());
        values.keySet().retainAll(kept);
        return new Fields(TYPE, values);
    }
}
