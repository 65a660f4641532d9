package sojourn.app.delivery;

import java.util.UUID;

/** A message ready to be handed over. */
interface Outgoing {

    /** Of its delivery: under it, whoever takes the message can know it again. */
    UUID id();
}
