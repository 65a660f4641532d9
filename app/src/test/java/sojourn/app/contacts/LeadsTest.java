package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class LeadsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final String LEAD = "/v1/profiles/lead/external:1";

    @RegisterExtension
    static final App app = new App();

    private final Shop shop = new Shop(app);

    @BeforeEach
    void nobody_is_there() {
        shop.clear();
    }

    @Test
    void a_lead_gets_the_oldest_active_contact_of_its_address() {
        shop.put("/v1/contacts/external:gone", "{\"email\": \"ada@example.com\", \"state\": \"inactive\"}");
        shop.put("/v1/contacts/external:ada", "{\"email\": \"Ada@Example.com\"}");
        shop.put("/v1/contacts/external:late", "{\"email\": \"ada@example.com\"}");

        shop.put(LEAD, "{\"attributes\": {\"email\": \"ADA@example.com\"}}");

        assertThat(shop.get(LEAD).at("/attributes/contact").textValue()).isEqualTo("ada");
        assertThat(shop.links()).containsExactly("lead_contact 1 ada");
        assertThat(shop.texts("select count(*) from contact")).containsExactly("3");
    }

    @Test
    void a_lead_whose_address_is_new_makes_a_contact_whichever_way_it_comes() throws Exception {
        app.request("POST", "/v1/profiles/lead", """
                {"attributes": {"email": "Ada@example.com", "firstName": "Ada", "lastName": "Byron",
                                "phone": "+4930123456", "company": "ACME"}}
                """).expect(201);
        app.request("PUT", "/v1/profiles/lead/external:put", "{\"attributes\": {\"email\": \"bob@example.com\"}}")
                .expect(201);
        shop.put("/v1/profiles/lead/external:patch", "{}");
        app.request("PATCH", "/v1/profiles/lead/external:patch", "{\"attributes\": {\"email\": \"carl@example.com\"}}")
                .expect(200);
        var job = shop.imported("/v1/profiles/lead/import", "text/csv", """
                externalId,email,firstName
                3,dora@example.com,Dora
                4,DORA@example.com,Dora
                5,ada@EXAMPLE.com,Ada
                6,nonsense,Nobody
                """);

        assertThat(job.at("/result/created").intValue()).isEqualTo(4);
        assertThat(shop.texts("select email || coalesce(first_name || last_name || phone, '') from contact order by 1"))
                .containsExactly(
                        "Ada@example.comAdaByron+4930123456",
                        "bob@example.com",
                        "carl@example.com",
                        "dora@example.com");
        assertThat(shop.texts("""
                        select coalesce(p.external_id, '-') || ' ' || lower(c.email)
                        from profile p join link l on l.from_id = p.id join contact c on c.id = l.to_id
                        order by p.id
                        """))
                .containsExactly(
                        "- ada@example.com",
                        "put bob@example.com",
                        "patch carl@example.com",
                        "3 dora@example.com",
                        "4 dora@example.com",
                        "5 ada@example.com");
        assertThat(shop.contactWord()).contains("{1} {profile,relationship/lead_contact}");
    }

    @Test
    void what_is_no_good_for_a_contact_is_left_to_the_lead() {
        shop.put(LEAD, """
                {"attributes": {"email": "ada@example.com", "phone": "ask Bob", "firstName": "%s"}}
                """.formatted("x".repeat(300)));
        shop.put("/v1/profiles/lead/external:2", "{\"attributes\": {\"email\": \"not an address\"}}");

        assertThat(shop.texts("select email || coalesce(phone, '-') || coalesce(first_name, '-') from contact"))
                .containsExactly("ada@example.com--");
        assertThat(shop.get("/v1/profiles/lead/external:2").at("/attributes").has("contact"))
                .isFalse();
    }

    @Test
    void a_lead_keeps_its_contact_when_it_comes_again() {
        shop.put(LEAD, "{\"attributes\": {\"email\": \"ada@example.com\"}}");
        var contact = shop.get(LEAD).at("/attributes/contact").textValue();
        app.request("PATCH", "/v1/contacts/" + contact, "{\"email\": \"byron@example.com\"}")
                .expect(200);

        app.request("PUT", LEAD, "{\"attributes\": {\"email\": \"ada@example.com\", \"status\": \"open\"}}")
                .expect(200);

        assertThat(shop.get(LEAD).at("/attributes/contact").textValue()).isEqualTo(contact);
        assertThat(shop.texts("select count(*) from contact")).containsExactly("1");
        app.request("PUT", LEAD, "{\"attributes\": {\"email\": \"other@example.com\"}}")
                .expect(200);
        assertThat(shop.texts("select email from contact order by id"))
                .containsExactly("byron@example.com", "other@example.com");
    }

    @Test
    void a_lead_that_names_its_contact_is_left_alone() {
        shop.put("/v1/contacts/external:ada", "{}");

        shop.put(LEAD, "{\"attributes\": {\"email\": \"other@example.com\", \"contact\": \"ada\"}}");

        assertThat(shop.links()).containsExactly("lead_contact 1 ada");
        assertThat(shop.texts("select count(*) from contact")).containsExactly("1");
    }

    @Test
    void many_leads_of_one_new_address_at_once_make_one_contact() throws Exception {
        var puts = IntStream.range(0, 6)
                .mapToObj(number -> (Callable<Integer>) () -> app.request(
                                "PUT",
                                "/v1/profiles/lead/external:" + number,
                                "{\"attributes\": {\"email\": \"ada@example.com\"}}")
                        .status())
                .toList();

        assertThat(Shop.atOnce(puts)).containsOnly(201);

        assertThat(shop.texts("select count(*) from contact")).containsExactly("1");
        assertThat(shop.texts("select count(*) from link")).containsExactly("6");
    }

    @Test
    void an_erased_contact_takes_its_leads_along_and_does_not_come_back() {
        shop.put(LEAD, "{\"attributes\": {\"email\": \"ada@example.com\", \"lastName\": \"Byron\"}}");
        shop.put("/v1/profiles/lead/external:2", "{\"attributes\": {\"email\": \"bob@example.com\"}}");
        var contact = shop.get(LEAD).at("/attributes/contact").textValue();

        app.request("DELETE", "/v1/contacts/" + contact).expect(204);

        app.request("GET", LEAD).expect(404);
        shop.get("/v1/profiles/lead/external:2");
        assertThat(shop.texts(
                        "select attributes::text || folded::text from profile where attributes::text like '%ada%'"))
                .isEmpty();
        assertThat(shop.texts("select count(*) from contact where state = 'active'"))
                .containsExactly("1");
    }

    @Test
    void an_installation_may_match_only_or_not_at_all() {
        var leads = List.of(new RecordWriter.Draft(null, Fields.of("lead", Map.of("email", "Ada@example.com"))));

        assertThat(contact(LeadMatching.MATCH, leads)).isEmpty();
        shop.put("/v1/contacts/external:ada", "{\"email\": \"ada@example.com\"}");
        assertThat(contact(LeadMatching.MATCH, leads)).containsExactly("ada");
        assertThat(contact(LeadMatching.OFF, leads)).isEmpty();
        assertThat(shop.texts("select count(*) from contact")).containsExactly("1");
    }

    private static List<String> contact(LeadMatching matching, List<RecordWriter.Draft> leads) {
        return app.jdbi()
                .inTransaction(handle -> new Leads(matching)
                        .complete(handle, leads, new Touched(), NOW).stream()
                                .map(lead -> lead.text("contact"))
                                .filter(contact -> contact != null)
                                .toList());
    }
}
