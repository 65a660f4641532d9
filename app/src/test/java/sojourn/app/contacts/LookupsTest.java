package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class LookupsTest {

    private static final String ADA = "/v1/contacts/external:ada";
    private static final String ACME = "/v1/profiles/account/external:acme";

    @RegisterExtension
    static final App app = new App();

    private final Shop shop = new Shop(app);

    @BeforeEach
    void two_accounts_are_there() {
        shop.clear();
        shop.put(ACME, "{}");
        shop.put("/v1/profiles/account/external:bits", "{}");
        shop.forgetWord();
    }

    @Test
    void a_contact_is_linked_to_the_account_that_it_names() {
        shop.put(ADA, "{\"attributes\": {\"account\": \"acme\"}}");

        assertThat(shop.links()).containsExactly("contact_account ada acme");
        assertThat(shop.contactWord()).containsExactly("{1} {profile,relationship/contact_account}");
        assertThat(shop.recordWord()).containsExactly("account {1}");

        shop.forgetWord();
        app.request("PATCH", ADA, "{\"attributes\": {\"account\": \"bits\"}}").expect(200);
        assertThat(shop.links()).containsExactly("contact_account ada bits");
        assertThat(shop.recordWord()).containsExactly("account {1,2}");

        shop.forgetWord();
        app.request("PATCH", ADA, "{\"firstName\": \"Ada\"}").expect(200);
        assertThat(shop.contactWord()).containsExactly("{1} {profile}");
        assertThat(shop.recordWord()).isEmpty();

        app.request("PUT", ADA, "{}").expect(200);
        assertThat(shop.links()).isEmpty();
        assertThat(shop.recordWord()).containsExactly("account {2}");
    }

    @Test
    void a_record_may_be_named_by_its_id_and_is_stored_by_its_external_id() {
        var id = shop.get(ACME).get("id").textValue();
        var nameless = app.request("POST", "/v1/profiles/account", "{}")
                .expect(201)
                .json()
                .get("id")
                .textValue();

        shop.put(ADA, "{\"attributes\": {\"account\": \"%s\"}}".formatted(id));
        shop.put("/v1/contacts/external:bob", "{\"attributes\": {\"account\": \"%s\"}}".formatted(nameless));

        assertThat(shop.get(ADA).at("/attributes/account").textValue()).isEqualTo("acme");
        assertThat(shop.get("/v1/contacts/external:bob")
                        .at("/attributes/account")
                        .textValue())
                .isEqualTo(nameless);
        assertThat(shop.texts("select from_id || ' ' || to_id from link order by 1"))
                .containsExactly("1 1", "2 3");

        app.request("PATCH", "/v1/profiles/account/" + nameless, "{\"externalId\": \"named\"}")
                .expect(200);
        assertThat(shop.get("/v1/contacts/external:bob")
                        .at("/attributes/account")
                        .textValue())
                .isEqualTo("named");
        assertThat(shop.links()).containsExactly("contact_account ada acme", "contact_account bob named");
    }

    @Test
    void what_is_not_there_cannot_be_named() {
        for (var body : List.of(
                "{\"attributes\": {\"account\": \"nowhere\"}}",
                "{\"attributes\": {\"account\": \"0193a7c2-5b7e-7cc0-9d52-0242ac120002\"}}")) {
            assertThat(Shop.errors(app.request("PUT", ADA, body).expect(422).json()))
                    .containsExactly("/attributes/account unknown-record");
        }
        assertThat(Shop.errors(app.request("PUT", ADA, """
                                {"email": "x", "attributes": {"account": "nowhere", "tier": 1}}
                                """).expect(422).json()))
                .containsExactlyInAnyOrder(
                        "/email invalid-email",
                        "/attributes/account unknown-record",
                        "/attributes/tier unknown-attribute");
        app.request("GET", ADA).expect(404);
    }

    @Test
    void a_record_that_goes_is_taken_out_of_every_lookup() {
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"former": {"type": "lookup", "lookup": "account"}}}
                """).expect(200);
        shop.put(ADA, "{\"attributes\": {\"account\": \"acme\"}}");
        shop.put("/v1/contacts/external:bob", "{\"attributes\": {\"former\": \"acme\", \"account\": \"bits\"}}");
        shop.put("/v1/profiles/opportunity/external:1", "{\"attributes\": {\"account\": \"acme\", \"name\": \"Big\"}}");
        shop.forgetWord();

        app.request("DELETE", ACME).expect(204);

        assertThat(shop.get(ADA).get("attributes")).isEmpty();
        assertThat(app.request("GET", ADA).header("ETag")).isEqualTo("\"2\"");
        assertThat(shop.get("/v1/contacts/external:bob").get("attributes").toString())
                .isEqualTo("{\"account\":\"bits\"}");
        assertThat(shop.get("/v1/profiles/opportunity/external:1")
                        .get("attributes")
                        .toString())
                .isEqualTo("{\"name\":\"Big\"}");
        assertThat(shop.texts("select folded::text from profile where external_id = '1'"))
                .containsExactly("{\"name\": \"big\"}");
        assertThat(shop.links()).containsExactly("contact_account bob bits");
        assertThat(shop.contactWord())
                .containsExactlyInAnyOrder("{1} {profile,relationship/contact_account}", "{2} {profile}");
        assertThat(shop.recordWord()).containsExactlyInAnyOrder("account {1}", "account {acme}", "opportunity {3}");
    }

    @Test
    void where_no_relationship_goes_over_a_lookup_looking_for_it_ends_in_time_and_says_what_to_do() {
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"former": {"type": "lookup", "lookup": "account"}}}
                """).expect(200);
        shop.put(ADA, "{\"attributes\": {\"former\": \"acme\"}}");

        var slow = app.jdbi().inTransaction(handle -> {
            handle.execute("select from contact for update");
            return app.request("DELETE", ACME);
        });

        assertThat(slow.expect(503).json().get("detail").textValue())
                .contains("longer than 10 seconds", "`former` of contact", "POST /v1/relationships");
        app.request("POST", "/v1/relationships", """
                {"key": "contact_former", "from": "contact", "attribute": "former", "to": "account"}
                """).expect(201);
        app.request("DELETE", ACME).expect(204);
        assertThat(shop.get(ADA).get("attributes")).isEmpty();
        app.request("DELETE", "/v1/relationships/contact_former").expect(204);
    }

    @Test
    void an_erased_contact_is_named_by_nothing_any_more() {
        shop.put(ADA, "{\"attributes\": {\"account\": \"acme\"}}");
        shop.put("/v1/profiles/opportunity/external:1", "{\"attributes\": {\"contact\": \"ada\", \"name\": \"Big\"}}");
        shop.put("/v1/profiles/marketing_list/external:news", "{}");
        app.request("PUT", "/v1/relationships/contact_marketing_list/links/external:ada/external:news")
                .expect(204);
        assertThat(shop.links()).hasSize(3);
        shop.forgetWord();

        app.request("DELETE", ADA).expect(204);

        assertThat(shop.links()).isEmpty();
        assertThat(shop.get("/v1/profiles/opportunity/external:1")
                        .get("attributes")
                        .toString())
                .isEqualTo("{\"name\":\"Big\"}");
        assertThat(shop.recordWord()).containsExactly("account {1}", "marketing_list {4}", "opportunity {3}");
        assertThat(Shop.errors(app.request("PATCH", "/v1/profiles/opportunity/external:1", """
                                {"attributes": {"contact": "ada"}}
                                """)
                        .expect(422)
                        .json()))
                .containsExactly("/attributes/contact unknown-record");
    }

    @Test
    void a_contact_with_another_external_id_is_named_by_that() {
        shop.put(ADA, "{}");
        shop.put("/v1/profiles/opportunity/external:1", "{\"attributes\": {\"contact\": \"ada\"}}");

        app.request("PATCH", ADA, "{\"externalId\": \"byron\"}").expect(200);

        assertThat(shop.get("/v1/profiles/opportunity/external:1")
                        .at("/attributes/contact")
                        .textValue())
                .isEqualTo("byron");
        assertThat(shop.links()).containsExactly("opportunity_contact 1 byron");
    }

    @Test
    void an_import_of_contacts_links_them_and_reports_what_names_nothing() throws Exception {
        shop.put(ADA, "{\"attributes\": {\"account\": \"bits\"}}");

        var job = shop.imported("/v1/contacts/import", "text/csv", """
                externalId,firstName,account
                ada,Ada,acme
                bob,Bob,nowhere
                carl,Carl,
                dora,Dora,bits
                """);

        assertThat(Shop.problems(job)).containsExactly("3 unknown-record");
        assertThat(job.at("/result/created").intValue()).isEqualTo(2);
        assertThat(job.at("/result/updated").intValue()).isEqualTo(1);
        assertThat(shop.links()).containsExactly("contact_account ada acme", "contact_account dora bits");
        shop.imported("/v1/contacts/import", "text/csv", "externalId,account\nada,\n");
        assertThat(shop.links()).containsExactly("contact_account dora bits");
    }

    @Test
    void an_import_without_lookups_asks_nothing_about_them() throws Exception {
        app.jdbi().useHandle(handle -> handle.execute("alter table link rename to link_away"));
        app.jdbi().useHandle(handle -> handle.execute("alter table relationship rename to relationship_away"));
        try {
            var job = shop.imported("/v1/contacts/import", "text/csv", "externalId,firstName\n1,Ada\n2,Bob\n");

            assertThat(job.get("state").textValue()).isEqualTo("succeeded");
            assertThat(job.at("/result/created").intValue()).isEqualTo(2);
        } finally {
            app.jdbi().useHandle(handle -> handle.execute("alter table link_away rename to link"));
            app.jdbi().useHandle(handle -> handle.execute("alter table relationship_away rename to relationship"));
        }
    }

    @Test
    void records_of_one_import_may_name_each_other() throws Exception {
        app.request("PATCH", "/v1/profile-types/account", """
                {"attributes": {"parent": {"type": "lookup", "lookup": "account"}}}
                """).expect(200);
        app.request("POST", "/v1/relationships", """
                {"key": "account_parent", "from": "account", "attribute": "parent", "to": "account"}
                """).expect(201);

        var job = shop.imported("/v1/profiles/account/import", "application/x-ndjson", """
                {"externalId": "child", "attributes": {"parent": "root"}}
                {"externalId": "root", "attributes": {"name": "Root"}}
                {"externalId": "lost", "attributes": {"parent": "bad"}}
                {"externalId": "bad", "attributes": {"parent": "nowhere"}}
                """);

        assertThat(job.get("kind").textValue()).isEqualTo("profile-import");
        assertThat(Shop.problems(job)).containsExactly("3 unknown-record", "4 unknown-record");
        assertThat(shop.links()).containsExactly("account_parent child root");
    }

    @RepeatedTest(5)
    void a_record_that_is_deleted_while_contacts_name_it_leaves_no_link_behind() throws Exception {
        List<Callable<Integer>> tasks = List.of(
                () -> app.request("PUT", ADA, "{\"attributes\": {\"account\": \"acme\"}}")
                        .status(),
                () -> app.request("DELETE", ACME).status(),
                () -> app.request("PUT", "/v1/contacts/external:bob", "{\"attributes\": {\"account\": \"acme\"}}")
                        .status(),
                () -> app.request("PUT", "/v1/profiles/opportunity/external:1", """
                                {"attributes": {"account": "acme"}}
                                """)
                        .status());

        assertThat(Shop.atOnce(tasks)).isSubsetOf(201, 204, 422).contains(204);

        assertThat(shop.links()).isEmpty();
        assertThat(shop.texts("""
                        select attributes::text from contact where attributes <> '{}'
                        union all select attributes::text from profile where attributes <> '{}'
                        """)).isEmpty();
    }

    @RepeatedTest(3)
    void a_contact_that_is_erased_while_records_name_it_leaves_no_link_behind() throws Exception {
        shop.put(ADA, "{}");

        assertThat(Shop.atOnce(List.<Callable<Integer>>of(
                        () -> app.request("PUT", "/v1/profiles/opportunity/external:1", """
                                        {"attributes": {"contact": "ada"}}
                                        """)
                                .status(),
                        () -> app.request("DELETE", ADA).status())))
                .isSubsetOf(201, 204, 422);

        assertThat(shop.links()).isEmpty();
        assertThat(shop.texts("select attributes::text from profile where attributes ? 'contact'".replace("?", "??")))
                .isEmpty();
    }
}
