package sojourn.app.journeys;

import java.time.Instant;
import java.util.HashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.messages.RenderingException;
import sojourn.app.platform.ProblemError;
import sojourn.app.tasks.Task;
import sojourn.app.tasks.Tasks.NewTask;
import sojourn.workflows.journeys.CreateAppointment;
import sojourn.workflows.journeys.CreateLead;
import sojourn.workflows.journeys.CreatePhoneCall;
import sojourn.workflows.journeys.CreateTask;
import sojourn.workflows.journeys.Done;
import sojourn.workflows.journeys.Span;
import sojourn.workflows.journeys.Tile;

/** Makes of tiles' templates the tasks and leads of contacts. */
final class SalesRecords {

    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_TEXT = 4000;
    private static final Done NOT_RENDERED = Done.refused("not-rendered", "a text could not be made for the contact");

    private final Abilities abilities;

    SalesRecords(Abilities abilities) {
        this.abilities = abilities;
    }

    Done create(Handle handle, TileEffects.At at, Tile.ToDo tile) {
        var contact = abilities.contacts().find(handle, at.run().contactId()).orElseThrow();
        try {
            var subject = text(tile.subject(), contact, at, LONGEST_SUBJECT);
            abilities
                    .tasks()
                    .add(
                            handle,
                            new NewTask(
                                    contact.id(),
                                    kind(tile),
                                    tile.user() == null && tile.team() == null ? contact.owner() : tile.user(),
                                    tile.team(),
                                    subject == null ? at.visit().tile() : subject.replaceAll("\\p{Cntrl}+", " "),
                                    text(tile.text(), contact, at, LONGEST_TEXT),
                                    tile.due() == null ? null : due(at, tile.due()),
                                    at.version().key(),
                                    at.run().version(),
                                    at.visit().tile(),
                                    at.visit().pass(),
                                    at.run().id(),
                                    at.visit().no()),
                            at.now());
            return Done.of("created", "made it for whom the tile names, or the contact's owner");
        } catch (RenderingException failure) {
            // What it says may be about the contact's values.
            return NOT_RENDERED;
        }
    }

    Done createLead(Handle handle, TileEffects.At at, CreateLead tile) {
        var contact = abilities.contacts().find(handle, at.run().contactId()).orElseThrow();
        var attributes = new HashMap<String, Object>();
        try {
            for (var entry : tile.allAttributes().entrySet()) {
                var value = entry.getValue() instanceof String text
                        ? text(text, contact, at, LONGEST_TEXT)
                        : entry.getValue();
                if (value != null) {
                    attributes.put(entry.getKey(), value);
                }
            }
        } catch (RenderingException failure) {
            return NOT_RENDERED;
        }
        if (tile.due() != null) {
            attributes.putIfAbsent(CreateLead.DUE_AT, due(at, tile.due()).toString());
        }
        var errors = abilities.leads().make(handle, contact, attributes, at.now());
        return errors.isEmpty()
                ? Done.of("created", "made a lead")
                : Done.refused(errors.getFirst().code(), ProblemError.describe(errors));
    }

    private @Nullable String text(@Nullable String template, Contact contact, TileEffects.At at, int longest)
            throws RenderingException {
        if (template == null) {
            return null;
        }
        var text = abilities
                .personalization()
                .render(template, contact, at.version().key(), at.world().triggerValues())
                .strip();
        return text.isEmpty() ? null : text.substring(0, Math.min(longest, text.length()));
    }

    private static Instant due(TileEffects.At at, Span due) {
        return due.after(at.now(), at.world().contactZone());
    }

    private static Task.Kind kind(Tile.ToDo tile) {
        return switch (tile) {
            case CreateTask _ -> Task.Kind.task;
            case CreateAppointment _ -> Task.Kind.appointment;
            case CreatePhoneCall _ -> Task.Kind.phoneCall;
        };
    }
}
