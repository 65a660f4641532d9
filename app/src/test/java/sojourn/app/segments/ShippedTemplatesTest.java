package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

/** Shipped templates find whom they say: one contact fits each, another does not. */
class ShippedTemplatesTest {

    /** Noon, so that today is the same day wherever the organization is. */
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static final LocalDate TODAY = LocalDate.ofInstant(NOW, ZoneOffset.UTC);

    @RegisterExtension
    static final App app = new App(() -> NOW);

    @BeforeAll
    static void fitAndUnfit() {
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", Map.of("birthday", "date")))
                .expect(200);
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        Map.of("key", "Purchase", "properties", Map.of("amount", "number")))
                .expect(201);
        put("account", "shop", Map.of("industry", "Retail"));
        put("account", "mill", Map.of("industry", "Paper"));
        contact("fit", "shop", TODAY.plusDays(3).minusYears(30));
        contact("unfit", "mill", TODAY.minusDays(3).minusYears(30));
        put("opportunity", "large", opportunity("fit", "shop", 50_000, "proposal", 10));
        put("opportunity", "small", opportunity("unfit", "mill", 500, "proposal", 10));
        put("opportunity", "won", opportunity("unfit", "mill", 50_000, "won", 10));
        put("opportunity", "far", opportunity("unfit", "mill", 50_000, "proposal", 300));
        put("lead", "open", Map.of("contact", "fit", "status", "open"));
        put("lead", "qualified", Map.of("contact", "unfit", "status", "qualified"));
        put("event", "spring-fair", Map.of("startsAt", NOW.minusSeconds(7200).toString()));
        put("event_registration", "1", Map.of("event", "spring-fair", "contact", "fit", "status", "registered"));
        put("event_registration", "2", Map.of("event", "spring-fair", "contact", "unfit", "status", "attended"));
        put("marketing_list", "customers", Map.of("name", "Customers"));
        app.request("PUT", "/v1/relationships/contact_marketing_list/links/external:fit/external:customers")
                .expect(204);
        age("contact", "unfit", 100);
        age("profile", "open", 10);
        age("profile", "qualified", 10);
    }

    private static Map<String, Object> opportunity(String contact, String account, int amount, String stage, int days) {
        return Map.of(
                "contact",
                contact,
                "account",
                account,
                "amount",
                amount,
                "stage",
                stage,
                "closesOn",
                TODAY.plusDays(days).toString());
    }

    private static void put(String type, String externalId, Map<String, Object> attributes) {
        app.request("PUT", "/v1/profiles/" + type + "/external:" + externalId, Map.of("attributes", attributes))
                .expect(201);
    }

    private static void contact(String externalId, String account, LocalDate birthday) {
        app.request(
                        "PUT",
                        "/v1/contacts/external:" + externalId,
                        Map.of("attributes", Map.of("account", account, "birthday", birthday.toString())))
                .expect(201);
    }

    private static void age(String table, String externalId, int days) {
        app.jdbi()
                .useHandle(handle -> handle.execute(
                        "update " + table
                                + " set created_at = created_at - make_interval(days => ?) where external_id = ?",
                        days,
                        externalId));
    }

    private static List<String> found(String template, Map<String, Object> parameters) {
        var key = "s" + UUID.randomUUID().toString().replace("-", "");
        var wish = new HashMap<String, Object>(Map.of("template", template, "key", key, "parameters", parameters));
        app.request("POST", "/v1/segments/from-template", wish).expect(201);
        return app.request("POST", "/v1/segments/" + key + "/preview", "")
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("externalId");
    }

    @Test
    void templates_over_related_records_find_their_contacts() {
        for (var template : List.of(
                "contacts-of-an-industry",
                "opportunities-closing",
                "account-opportunities-closing",
                "leads-not-qualified",
                "registration-not-attended",
                "list-not-opened")) {
            assertThat(found(template, Map.of())).as(template).containsExactly("fit");
        }
        assertThat(found("opportunities-closing", Map.of("days", 5))).isEmpty();
        assertThat(found("opportunities-closing", Map.of("least", 100, "days", 365, "won", "x", "lost", "y")))
                .containsExactly("fit", "unfit");
    }

    @Test
    void templates_of_days_roll_with_the_calendar() {
        assertThat(found("new-contacts", Map.of())).containsExactly("fit");
        assertThat(found("new-contacts", Map.of("days", 365))).containsExactly("fit", "unfit");
        assertThat(found("never-purchased", Map.of())).containsExactly("unfit");
        assertThat(found("nothing-lately", Map.of("months", 2))).containsExactly("unfit");
        assertThat(found("nothing-lately", Map.of())).isEmpty();
        assertThat(found("birthday-this-month", Map.of())).containsExactly("fit");
        assertThat(found("birthday-next-days", Map.of("days", 4))).containsExactly("fit");
        assertThat(found("birthday-next-days", Map.of("days", 3))).isEmpty();
    }
}
