package sojourn.app.journeys;

import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Unfit;
import sojourn.app.contacts.Values;
import sojourn.app.interactions.EmittedInteractions.Emitted;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.messages.Personalization;
import sojourn.app.messages.RenderingException;
import sojourn.app.platform.ProblemError;
import sojourn.workflows.journeys.Done;
import sojourn.workflows.journeys.Emit;

/** Makes of an {@link Emit} tile the interaction of a contact. */
final class Emission {

    private final Abilities abilities;

    Emission(Abilities abilities) {
        this.abilities = abilities;
    }

    Done emit(Handle handle, TileEffects.At at, Emit tile) {
        try {
            var errors = abilities
                    .emitted()
                    .record(
                            handle,
                            new Emitted(
                                    at.run().id() + "/" + at.visit().no(),
                                    at.run().contactId(),
                                    String.valueOf(tile.interaction()),
                                    at.now(),
                                    origin(at),
                                    properties(handle, at, tile)));
            return errors.isEmpty()
                    ? Done.of("emitted", "recorded " + tile.interaction())
                    : Done.refused(errors.getFirst().code(), ProblemError.describe(errors));
        } catch (Unfit unfit) {
            return Done.refused(unfit.code(), unfit.detail());
        } catch (RenderingException failure) {
            // What it says may be about the contact's values.
            return Done.refused("not-rendered", "a property could not be made for the contact");
        }
    }

    private static Map<String, Object> origin(TileEffects.At at) {
        return Map.of(
                "journey", at.version().key(),
                "version", at.run().version(),
                "tile", at.visit().tile(),
                "pass", at.visit().pass(),
                "run", at.run().id().toString());
    }

    private Map<String, Object> properties(Handle handle, TileEffects.At at, Emit tile)
            throws Unfit, RenderingException {
        var type = InteractionTypes.all(handle).get(tile.interaction());
        var properties = new HashMap<String, Object>();
        @Nullable Contact contact = null;
        for (var entry : tile.allProperties().entrySet()) {
            var declaration = type == null ? null : type.properties().get(entry.getKey());
            if (declaration != null && entry.getValue() instanceof String text && Personalization.isIn(text)) {
                contact = contact == null
                        ? abilities
                                .contacts()
                                .find(handle, at.run().contactId())
                                .orElseThrow()
                        : contact;
                var made = abilities
                        .personalization()
                        .render(text, contact, at.version().key(), at.world().triggerValues())
                        .strip();
                if (!made.isEmpty()) {
                    properties.put(entry.getKey(), Values.asJson(declaration, made));
                }
            } else {
                properties.put(entry.getKey(), entry.getValue());
            }
        }
        return properties;
    }
}
