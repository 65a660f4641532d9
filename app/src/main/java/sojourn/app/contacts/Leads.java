package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Gives a lead that comes without a contact the one of its email address, or makes one: a lead takes part in journeys
 * through its contact.
 */
final class Leads implements RecordWriter.Completion {

    static final String TYPE = "lead";

    private static final String CONTACT = "contact";
    private static final String EMAIL = "email";
    private static final List<String> TAKEN_OVER = List.of("firstName", "lastName", "phone");

    /** Any number that no other use of advisory locks has. */
    private static final long LOCK = 7_305_004;

    private final LeadMatching matching;

    Leads(LeadMatching matching) {
        this.matching = matching;
    }

    /** What completes records of a type. */
    RecordWriter.Completion of(Shape shape) {
        return shape.type().equals(TYPE) ? this : NONE;
    }

    @Override
    public List<Fields> complete(Handle handle, List<RecordWriter.Draft> leads, Touched touched, Instant now) {
        if (matching == LeadMatching.OFF) {
            return NONE.complete(handle, leads, touched, now);
        }
        var kept = leads.stream().map(Leads::withContactKept).toList();
        var open = new TreeMap<String, Fields>();
        for (var lead : kept) {
            var email = lead.values().containsKey(CONTACT) ? null : email(lead);
            if (email != null) {
                open.putIfAbsent(email, lead);
            }
        }
        if (open.isEmpty()) {
            return kept;
        }
        var contacts = contacts(handle, open, touched, now);
        return kept.stream().map(lead -> with(lead, contacts)).toList();
    }

    /** Whoever sends a lead again without naming its contact does not mean that it has another now. */
    private static Fields withContactKept(RecordWriter.Draft lead) {
        var before = lead.before();
        var wanted = lead.wanted();
        if (before == null || wanted.values().containsKey(CONTACT) || !Objects.equals(email(before), email(wanted))) {
            return wanted;
        }
        return wanted.with(CONTACT, before.values().get(CONTACT));
    }

    private static Fields with(Fields lead, Map<String, Stored> contacts) {
        var email = lead.values().containsKey(CONTACT) ? null : email(lead);
        var contact = email == null ? null : contacts.get(email);
        return contact == null ? lead : lead.with(CONTACT, contact.name());
    }

    /**
     * The contacts of these addresses, by address; those that are not there are made, when that is wanted. Erasures are held
     * off by whoever writes the leads.
     */
    private Map<String, Stored> contacts(Handle handle, Map<String, Fields> leads, Touched touched, Instant now) {
        var found = find(handle, leads.keySet());
        if (matching == LeadMatching.MATCH_OR_CREATE && found.size() < leads.size()) {
            // One after another, so that two leads of one new address that come at once get one contact.
            handle.execute("select pg_advisory_xact_lock(?)", LOCK);
            found = find(handle, leads.keySet());
            var missing = new TreeMap<>(leads);
            missing.keySet().removeAll(found.keySet());
            var shape = Shape.read(handle, ProfileTypes.CONTACT);
            var table = new ContactTable(handle, shape);
            for (var contact : make(table, missing.values(), now)) {
                touched.written(shape, contact, table.version(contact), null, table.fields(contact));
                found.put(Fold.text(String.valueOf(contact.email())), contact);
            }
        }
        return found;
    }

    private static Map<String, Stored> find(Handle handle, Collection<String> emails) {
        var found = new HashMap<String, Stored>();
        handle.createQuery("""
                        select distinct on (folded ->> 'email') * from contact
                        where folded ->> 'email' = any(:emails) and state = 'active'
                        order by folded ->> 'email', created_at, id
                        """)
                .bind("emails", emails.toArray(String[]::new))
                .map(new ContactMapper())
                .forEach(contact -> found.put(Fold.text(String.valueOf(contact.email())), contact));
        return found;
    }

    private static List<Contact> make(ContactTable table, Collection<Fields> leads, Instant now) {
        var made = new ArrayList<RecordTable.New>();
        for (var lead : leads) {
            var fields =
                    Fields.none(ProfileTypes.CONTACT).with(EMAIL, lead.values().get(EMAIL));
            for (var name : TAKEN_OVER) {
                fields = fields.with(name, fitting(name, lead));
            }
            made.add(new RecordTable.New(null, fields));
        }
        return made.isEmpty() ? List.of() : table.add(made, now);
    }

    /** The folded address of a lead, null when it has none that a contact could have. */
    private static @Nullable String email(Fields lead) {
        var email = fitting(EMAIL, lead);
        return email == null ? null : Fold.text(email.toString());
    }

    /** A value as a contact may have it: what is good enough for a lead need not be. */
    private static @Nullable Object fitting(String name, Fields lead) {
        try {
            return lead.values().get(name) instanceof String text ? BuiltInChecks.check(name, text) : null;
        } catch (Unfit unfit) {
            return null;
        }
    }
}
