package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Changes;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.testing.Database;

class OwnInteractionsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456789Z");

    @RegisterExtension
    final Database database = new Database();

    private final OwnInteractions interactions = new OwnInteractions(new Changes(), InstantSource.fixed(NOW));

    @Test
    void a_fact_is_recorded_once_with_word_of_it() {
        var fact = new Own(
                "run-1/1/entered",
                7,
                "TileEntered",
                NOW,
                Map.of("journey", "win-back", "tile", "Remind", "delta", 1, "runEnteredAt", NOW, "machine", false));

        for (var time = 1; time <= 3; time++) {
            database.jdbi().useTransaction(handle -> interactions.record(handle, List.of(fact, fact)));
        }

        assertThat(texts("""
                        select i.id || ' ' || contact_id || ' ' || key || ' ' || journey || ' ' || tile || ' ' ||
                               (folded ->> 'tile') || ' ' || (i.properties ->> 'delta') || ' ' ||
                               (occurred_at = '2026-11-23T10:00:00.123456Z')
                        from interaction i join interaction_type t on t.id = type_id
                        """)).containsExactly("run-1/1/entered 7 TileEntered win-back Remind remind 1 true");
        assertThat(texts("select consumer || contact_ids::text || causes::text from change"))
                .containsExactlyInAnyOrder("segments{7}{TileEntered}", "runs{7}{TileEntered}");
    }

    @Test
    void only_built_in_types_are_the_products_own() {
        var fact = new Own("1", 7, "Purchase", NOW, Map.of());

        assertThatThrownBy(() -> database.jdbi().useHandle(handle -> interactions.record(handle, List.of(fact))))
                .hasMessageContaining("Purchase");
    }

    @Test
    void every_built_in_type_may_carry_the_built_in_properties() {
        var types = new InteractionTypes(database.jdbi()).all();

        assertThat(types).containsKeys("EmailSent", "JourneyEntered", "GoalReached");
        assertThat(types.values())
                .allSatisfy(type -> assertThat(type.properties()).containsAllEntriesOf(BuiltInProperties.all()));
    }

    @Test
    void the_built_in_types_and_properties_are_these() {
        var types = new InteractionTypes(database.jdbi()).all().values();

        assertThat(types.stream().filter(InteractionType::builtIn).map(InteractionType::key))
                .containsExactlyInAnyOrder("""
                        EmailSent EmailDelivered EmailOpened EmailClicked EmailHardBounced EmailSoftBounced EmailBlockBounced
                        EmailUnconfirmed EmailBlocked EmailComplained EmailUnsubscribed
                        TextSent TextDelivered TextClicked TextHardBounced TextSoftBounced TextBlockBounced
                        TextUnconfirmed TextBlocked TextUnsubscribed
                        PushSent PushDelivered PushOpened PushClicked PushHardBounced PushSoftBounced PushBlockBounced
                        PushUnconfirmed PushBlocked PushUnsubscribed
                        WebhookSent WebhookUnconfirmed WebhookBlocked
                        FormSubmitted WebsiteVisited EventRegistered EventCheckedIn SubscriptionJoined SubscriptionLeft
                        TaskCompleted RecordCreated RecordUpdated
                        JourneyEntered TileEntered TileProcessed TileStopped TileExpired TileFailed
                        JourneyCompleted JourneyStopped JourneyFailed GoalReached
                        """.split("\\s+"));
        assertThat(BuiltInProperties.all().keySet()).containsExactlyInAnyOrder("""
                        journey version tile pass branch variant outcome message channel link machine reason
                        run runEnteredAt tileEnteredAt delta form event topic task
                        """.split("\\s+"));
    }

    private List<String> texts(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
