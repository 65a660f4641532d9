package sojourn.app.delivery;

import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Erasure;

/** Takes an erased contact's addresses out of deliveries and consents; hashes remain, so that nobody writes to them. */
final class DeliveryErasure implements Erasure.Step {

    private final DoNotContact doNotContact;
    private final InstantSource clock;

    DeliveryErasure(DoNotContact doNotContact, InstantSource clock) {
        this.doNotContact = doNotContact;
        this.clock = clock;
    }

    @Override
    public void erase(Handle handle, Contact contact) {
        doNotContact.addAll(handle, contact, clock.instant());
        handle.attach(ConsentDao.class).erase(contact.id());
        new DeliveryRows(handle).erase(contact.id());
    }
}
