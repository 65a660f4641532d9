package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** What is made and changed of records, as interactions of the contacts concerned. */
class RecordInteractionsTest {

    private static final String ADA = "/v1/contacts/external:ada";

    @RegisterExtension
    static final App app = new App();

    @BeforeEach
    void changes_are_recorded() {
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "option", "options": ["silver", "gold"]}, "points": "number",
                                "likes": {"type": "options", "options": ["rock", "jazz"]}, "friend": {"type": "lookup"}},
                 "recordChanges": true}
                """).expect(200);
        record("lead", true);
    }

    @AfterEach
    void nobody_is_there() {
        record("contact", false);
        record("lead", false);
        app.jdbi()
                .useHandle(handle -> handle.execute("truncate contact, profile, link, interaction, interaction_seen"));
    }

    private static void record(String type, boolean changes) {
        app.request("PATCH", "/v1/profile-types/" + type, "{\"recordChanges\": " + changes + "}")
                .expect(200);
    }

    /** {@code contact type record attribute old > new}, in the order in which they happened. */
    private static List<String> recorded() {
        return app.jdbi()
                .withHandle(handle -> handle.select("""
                        select coalesce(c.external_id, '-') || ' ' || t.key || ' ' || coalesce(i.properties ->> 'record', '-')
                               || coalesce(' ' || (i.properties ->> 'attribute'), '')
                               || coalesce(' ' || (i.properties ->> 'oldValue'), '')
                               || coalesce(' > ' || (i.properties ->> 'newValue'), '')
                        from interaction i join contact c on c.id = i.contact_id join interaction_type t on t.id = i.type_id
                        where t.key ~ '^Record' order by i.occurred_at, 1
                        """).mapTo(String.class).list());
    }

    @Test
    void each_attribute_that_changes_is_an_interaction_and_what_stays_is_none() {
        app.request("PUT", ADA, "{\"firstName\": \"Ada\", \"attributes\": {\"tier\": \"silver\"}}")
                .expect(201);
        app.request("PATCH", ADA, """
                        {"firstName": "Ada", "address": {"city": "Berlin"},
                         "attributes": {"tier": "gold", "points": 12.50, "likes": ["jazz", "rock"]}}
                        """).expect(200);
        app.request("PATCH", ADA, "{\"attributes\": {\"tier\": \"gold\"}}").expect(200);
        app.request("PATCH", ADA, "{\"attributes\": {\"points\": null}, \"state\": \"inactive\"}")
                .expect(200);

        assertThat(recorded())
                .containsExactly(
                        "ada RecordCreated contact",
                        "ada RecordUpdated contact address.city > Berlin",
                        "ada RecordUpdated contact likes > jazz; rock",
                        "ada RecordUpdated contact points > 12.50",
                        "ada RecordUpdated contact tier silver > gold",
                        "ada RecordUpdated contact points 12.50",
                        "ada RecordUpdated contact state active > inactive");
    }

    @Test
    void nothing_is_recorded_of_types_that_do_not_want_it() {
        record("contact", false);

        app.request("PUT", ADA, "{}").expect(201);
        app.request("PATCH", ADA, "{\"attributes\": {\"tier\": \"gold\"}}").expect(200);

        assertThat(recorded()).isEmpty();
        assertThat(app.request("GET", "/v1/profile-types/contact")
                        .expect(200)
                        .json()
                        .get("recordChanges")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void a_record_that_names_a_contact_concerns_that_contact() {
        app.request("PUT", ADA, "{}").expect(201);
        app.request("PUT", "/v1/contacts/external:bob", "{}").expect(201);
        var lead = "/v1/profiles/lead/external:1";
        app.request("PUT", lead, "{\"attributes\": {\"contact\": \"ada\", \"status\": \"new\"}}")
                .expect(201);
        app.request("PATCH", lead, "{\"attributes\": {\"status\": \"qualified\"}}")
                .expect(200);
        app.request("PATCH", lead, "{\"attributes\": {\"contact\": \"bob\"}}").expect(200);
        app.request("PATCH", lead, "{\"attributes\": {\"status\": \"disqualified\"}}")
                .expect(200);

        assertThat(recorded().stream().filter(one -> one.contains("lead")))
                .containsExactly(
                        "ada RecordCreated lead",
                        "ada RecordUpdated lead status new > qualified",
                        "bob RecordUpdated lead contact",
                        "bob RecordUpdated lead status qualified > disqualified");
    }

    @Test
    void imports_identify_and_contacts_that_leads_make_are_recorded_too() {
        app.request("PUT", ADA, "{\"attributes\": {\"tier\": \"silver\"}}").expect(201);
        var job = app.admin()
                .with("Content-Type", "text/csv")
                .request("POST", "/v1/contacts/import", HttpRequest.BodyPublishers.ofString("""
                                externalId,attributes.tier
                                ada,gold
                                ada,gold
                                bob,silver
                                """))
                .expect(202)
                .header("Location");
        Eventually.holds(() -> app.request("GET", job.substring(job.indexOf("/v1/")))
                .json()
                .get("state")
                .textValue()
                .equals("succeeded"));
        app.request("POST", "/v1/identify", "{\"userId\": \"bob\", \"traits\": {\"points\": 3}}")
                .expect(200);
        app.request("POST", "/v1/profiles/lead", "{\"attributes\": {\"email\": \"carl@example.com\"}}")
                .expect(201);

        assertThat(recorded())
                .contains(
                        "ada RecordUpdated contact tier silver > gold",
                        "bob RecordCreated contact",
                        "bob RecordUpdated contact points > 3",
                        "- RecordCreated contact",
                        "- RecordCreated lead")
                .hasSize(6);
    }

    @Test
    void whom_they_name_is_not_told_and_nothing_is_left_of_them_after_an_erasure() {
        app.request("PUT", "/v1/contacts/external:bob", "{}").expect(201);
        app.request("PUT", ADA, "{\"email\": \"ada@example.com\"}").expect(201);
        app.request("PATCH", ADA, """
                {"email": "byron@example.com", "phone": "+4930123456", "lastName": "Byron", "attributes": {"friend": "bob"}}
                """).expect(200);

        assertThat(recorded())
                .contains(
                        "ada RecordUpdated contact email",
                        "ada RecordUpdated contact phone",
                        "ada RecordUpdated contact lastName > Byron",
                        "ada RecordUpdated contact friend");
        app.request("DELETE", ADA).expect(204);

        List<String> left = app.jdbi()
                .withHandle(handle -> handle.select("""
                        select coalesce(i.properties, '{}')::text || coalesce(i.folded::text, '')
                        from interaction i join interaction_type t on t.id = i.type_id where t.key = 'RecordUpdated'
                        """).mapTo(String.class).list());
        assertThat(left).hasSize(4).containsOnly("{}");
    }

    @Test
    void nobody_else_says_that_a_record_was_changed() {
        app.request("PUT", ADA, "{}").expect(201);

        var refused = app.request("POST", "/v1/interactions", """
                {"id": "recorded/1", "type": "RecordUpdated", "contact": "external:ada", "properties": {"record": "contact"}}
                """).expect(422).json();

        assertThat(refused.get("errors").findValuesAsText("code"))
                .containsExactlyInAnyOrder("reserved-id", "reserved-type");
    }
}
