package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.ContactFields;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.ProblemError;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.CreateLead;
import sojourn.workflows.journeys.Done;
import sojourn.workflows.journeys.Emit;
import sojourn.workflows.journeys.Split;
import sojourn.workflows.journeys.StartJourney;
import sojourn.workflows.journeys.Tile;
import sojourn.workflows.journeys.UpdateContact;

/**
 * Does what tiles do in the world, in the transaction that leaves their visits or writes down what these wait for: so it is
 * done once, however often a step is tried.
 *
 * <p>What others may hold locked while they wait for a run is locked before the run: a visit whose tile needs that is given a
 * turn of its own, a transaction that {@link #prepare}s.
 */
final class TileEffects {

    /** A visit at which a tile acts; its run is locked. */
    record At(RunRow run, LiveVersion version, VisitRow visit, RunWorld world) {

        Instant now() {
            return world.now();
        }
    }

    private final Abilities abilities;
    private final OtherJourney otherJourney;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    TileEffects(Abilities abilities, LiveVersions versions, Enrolment enrolment) {
        this.abilities = abilities;
        this.otherJourney = new OtherJourney(versions, enrolment);
    }

    /** Asks to be woken when something was done. The listener must be quick. */
    void onKick(Runnable listener) {
        listeners.add(listener);
    }

    /** Whether the tile acts in a turn of its own only. */
    static boolean needsTurn(Tile.Acting tile) {
        return !(tile instanceof Split || tile instanceof AbTest);
    }

    /** Takes the locks that the tile needs, in a transaction that has none yet. */
    void prepare(Handle handle, RunRow run, Tile.Acting tile) {
        switch (tile) {
            case Split _, AbTest _ -> {}
            case UpdateContact _, Tile.ToDo _, CreateLead _ ->
                abilities.fields().lock(handle, run.contactId());
            case StartJourney start -> OtherJourney.hold(handle, start);
            case Emit _ -> Erasure.holdOff(handle);
            case Tile.Picking picking -> abilities.segments().lock(handle, String.valueOf(picking.segment()));
        }
    }

    Done act(Handle handle, At at, Tile.Acting tile) {
        return switch (tile) {
            case Split split ->
                SplitPlaces.take(handle, at.run().journeyId(), at.visit().tile(), split);
            case AbTest test -> AbTests.assign(handle, at, test);
            case UpdateContact update -> update(handle, at, update);
            case Tile.Picking picking -> pick(handle, at, picking);
            case Emit emit -> new Emission(abilities).emit(handle, at, emit);
            case Tile.ToDo toDo -> new SalesRecords(abilities).create(handle, at, toDo);
            case CreateLead lead -> new SalesRecords(abilities).createLead(handle, at, lead);
            case StartJourney start -> otherJourney.start(handle, at, start);
        };
    }

    private Done update(Handle handle, At at, UpdateContact tile) {
        var change = new ContactFields.Change(tile.sets(), tile.clears(), tile.increments());
        var result = abilities.fields().change(handle, at.run().contactId(), change, at.now());
        if (!result.errors().isEmpty()) {
            return Done.refused(result.errors().getFirst().code(), ProblemError.describe(result.errors()));
        }
        return result.changed()
                ? Done.of("updated", "the contact was changed")
                : Done.of("unchanged", "the contact had these values");
    }

    private Done pick(Handle handle, At at, Tile.Picking tile) {
        var result = abilities
                .segments()
                .pick(
                        handle,
                        String.valueOf(tile.segment()),
                        at.run().contactId(),
                        tile.in(),
                        "journey/" + at.version().key());
        if (result.refused() != null) {
            return Done.refused(result.refused(), result.detail());
        }
        return Done.of(result.changed() ? tile.in() ? "added" : "removed" : "unchanged", result.detail());
    }

    /** Wakes whoever goes on with what was done; call it after the commit. */
    void kick() {
        abilities.segments().kick();
        listeners.forEach(Runnable::run);
    }
}
