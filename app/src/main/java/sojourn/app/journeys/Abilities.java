package sojourn.app.journeys;

import sojourn.app.contacts.ContactFields;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.LeadMaker;
import sojourn.app.interactions.EmittedInteractions;
import sojourn.app.messages.Personalization;
import sojourn.app.segments.SegmentPicks;
import sojourn.app.tasks.Tasks;

/** What other features do for tiles. */
public record Abilities(
        Contacts contacts,
        ContactFields fields,
        SegmentPicks segments,
        EmittedInteractions emitted,
        Personalization personalization,
        Tasks tasks,
        LeadMaker leads) {}
