package sojourn.app.journeys;

import io.dropwizard.util.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.messages.Personalization;
import sojourn.app.segments.EvaluationSettings;
import sojourn.app.segments.SegmentsFeature;
import sojourn.app.tasks.TasksFeature;

/** What the real features do for tiles, put together for tests. */
public final class TestAbilities {

    private static final EvaluationSettings SETTINGS = new EvaluationSettings(
            ZoneOffset.UTC,
            Duration.days(1),
            Duration.minutes(10),
            Duration.seconds(30),
            Duration.seconds(5),
            0,
            true,
            1000);

    private TestAbilities() {}

    public static Abilities of(
            Jdbi jdbi, ContactsFeature contacts, InteractionsFeature interactions, InstantSource clock) {
        var segments = new SegmentsFeature(jdbi, contacts.contacts(), contacts.changes(), SETTINGS, clock);
        return new Abilities(
                contacts.contacts(),
                contacts.fields(),
                segments.picks(),
                interactions.emitted(),
                new Personalization(),
                new TasksFeature(jdbi, contacts, interactions, clock).tasks(),
                contacts.leads());
    }
}
