package sojourn.app.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Somebody of whom everything is known that can be, over HTTP; {@code qqzx} is in every text that is hers. */
final class MarkedPerson {

    static final String MARK = "qqzx";

    private final App app;
    private final MailCatcher catcher;
    private String id = "";

    MarkedPerson(App app, MailCatcher catcher) {
        this.app = app;
        this.catcher = catcher;
    }

    void appear() throws InterruptedException {
        declare();
        post("/v1/segments", Map.of("key", "all", "name", "All", "kind", "static"), 201);
        post("/v1/segments", Map.of("key", "picked", "name", "Picked", "kind", "static"), 201);
        post("/v1/segments", Map.of("key", "called", "query", "INTERACTION(Called).FILTER(who == 'qqzx-id')"), 201);
        send("POST", "/v1/segments/called/go-live", null, 202);
        journey();
        people();
        mails();
        interactions();
        records();
        segments();
        jobsAndAnswers();
    }

    private void declare() {
        send("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"note": "text", "likes": {"type": "options", "options": ["tea", "rock"]}}, "allowUndeclared": true}
                """, 200);
        send(
                "PATCH",
                "/v1/profile-types/event_registration",
                "{\"attributes\": {\"diet\": \"text\", \"guest\": \"number\"}}",
                200);
        send(
                "POST",
                "/v1/profile-types",
                "{\"key\": \"boat\", \"attributes\": {\"owner\": \"lookup\", \"name\": \"text\"}}",
                201);
        send("POST", "/v1/profile-types", """
                {"key": "ticket", "attributes": {"of": {"type": "lookup", "lookup": "event_registration"}}}
                """, 201);
        send(
                "POST",
                "/v1/interaction-types",
                "{\"key\": \"Called\", \"properties\": {\"note\": \"text\", \"who\": \"lookup\"}}",
                201);
    }

    private void journey() throws InterruptedException {
        post(
                "/v1/messages",
                Map.of(
                        "key",
                        "hello",
                        "channel",
                        "email",
                        "purpose",
                        "commercial",
                        "from",
                        "Shop <shop@example.com>",
                        "subject",
                        "Hello {{ contact.firstName }}",
                        "html",
                        "<p>Hello <a href=\"https://shop.example.com/?who={{ contact.lastName }}\" data-link=\"shop\">shop</a></p>"),
                201);
        send("POST", "/v1/messages/hello/go-live", null, 200);
        for (var key : List.of("hello", "again")) {
            send("POST", "/v1/journeys", """
                    {"key": "%s", "document": {"name": "Hello", "audience": {"segments": ["all"]}, "start": "mail", "tiles": {
                      "mail": {"type": "email", "message": "hello", "next": "call"},
                      "call": {"type": "createPhoneCall", "subject": "Call {{ contact.firstName }}", "text": "{{ contact.email }}", "next": "say"},
                      "say": {"type": "emit", "interaction": "Called", "properties": {"note": "{{ contact.lastName }}"}, "next": "lead"},
                      "lead": {"type": "createLead", "attributes": {"company": "{{ contact.lastName }}"}, "next": "in"},
                      "in": {"type": "addToSegment", "segment": "picked", "next": "who"},
                      "who": {"type": "attributeBranch", "branches": [{"name": "her", "when": "ISNOTNULL(lastName)", "next": "wait"}], "otherwise": "wait"},
                      "wait": {"type": "waitFor", "duration": "P5D", "next": null}}}}
                    """.formatted(key), 201);
            send("POST", "/v1/journeys/" + key + "/go-live", null, 202);
            Eventually.holds(
                    () -> app.request("GET", "/v1/journeys/" + key).body().contains("\"state\":\"live\""));
        }
    }

    private void people() {
        send("PUT", "/v1/contacts/external:bob", "{\"email\": \"bob@example.com\"}", 201);
        send("PUT", "/v1/contacts/external:qqzx-loser", "{\"email\": \"qqzx-loser@example.com\"}", 201);
        send("PUT", "/v1/contacts/external:qqzx-late", "{\"email\": \"qqzx-late@example.com\"}", 201);
        id = send("PUT", "/v1/contacts/external:qqzx-id", """
                {"email": "qqzx-First@example.com", "phone": "+49301", "firstName": "qqzxÜna", "lastName": "qqzx-last",
                 "locale": "de-DE", "timeZone": "Europe/Berlin", "owner": "qqzx-owner", "latitude": 52.5, "longitude": 13.4,
                 "address": {"city": "qqzx-city", "region": "qqzx-region", "postalCode": "qqzx-1", "country": "DE"},
                 "attributes": {"note": "qqzx-note", "likes": ["tea"], "undeclared": "qqzx-undeclared"}}
                """, 201)
                .json()
                .get("id")
                .textValue();
    }

    /** One to her first address, one to her second, which she has no more either, and a test; and one to somebody else. */
    private void mails() throws InterruptedException {
        send("POST", "/v1/journeys/hello/enter", "{\"contact\": \"external:qqzx-id\"}", 201);
        Eventually.holds(() -> catcher.count() == 1);
        var mail = catcher.list(Optional.empty(), 0, false, 1).getFirst();
        var html = String.valueOf(mail.html());
        var link = html.substring(html.indexOf("/t/c/"), html.indexOf('"', html.indexOf("/t/c/")));
        app.anonymous().request("GET", link).expect(302);
        var pixel = html.substring(html.indexOf("/t/o/"), html.indexOf('"', html.indexOf("/t/o/")));
        app.anonymous().request("GET", pixel).expect(200);
        send("PATCH", "/v1/contacts/external:qqzx-id", "{\"email\": \"qqzx-second@example.com\"}", 200);
        send("POST", "/v1/journeys/again/enter", "{\"contact\": \"external:qqzx-id\"}", 201);
        Eventually.holds(() -> catcher.count() == 2);
        send("PATCH", "/v1/contacts/external:qqzx-id", "{\"email\": \"qqzx-third@example.com\"}", 200);
        send("PUT", "/v1/contacts/external:qqzx-id/consents", """
                {"items": [{"contactPoint": "qqzx-told@example.com", "purpose": "commercial", "state": "in", "source": "qqzx-call"}]}
                """, 200);
        test("external:qqzx-id");
        test("external:bob");
        post("/v1/contacts/external:qqzx-loser/merge", Map.of("loser", "external:qqzx-late"), 200);
        app.admin()
                .with("Idempotency-Key", "merge")
                .request("POST", "/v1/contacts/external:qqzx-id/merge", Map.of("loser", "external:qqzx-loser"))
                .expect(200);
    }

    private void test(String contact) {
        app.admin()
                .with("Idempotency-Key", "test-" + contact.length())
                .request(
                        "POST",
                        "/v1/messages/hello/test-send",
                        Map.of("contact", contact, "to", List.of("me@example.com")));
    }

    private void interactions() throws InterruptedException {
        Eventually.holds(() -> tasks().size() == 2);
        post("/v1/tasks/" + tasks().get(0).get("id").textValue() + "/complete", Map.of("outcome", "qqzx-reached"), 200);
        send("POST", "/v1/interactions", """
                [{"id": "qqzx-1", "type": "FormSubmitted", "contact": "external:qqzx-id", "bindingKey": "qqzx-b",
                  "properties": {"journey": "qqzx-j", "tile": "qqzx-t", "message": "hello", "reason": "qqzx-reason", "form": "qqzx-f",
                                 "channel": "qqzx-channel", "link": "qqzx-link", "topic": "qqzx-topic", "event": "qqzx-e",
                                 "run": "qqzx-run", "branch": "qqzx-branch", "version": 4930777}},
                 {"id": "qqzx-2", "type": "WebsiteVisited", "contact": "external:qqzx-id",
                  "properties": {"journey": "hello", "tile": "mail", "outcome": "qqzx-outcome"}},
                 {"id": "qqzx-3", "type": "Called", "contact": "external:qqzx-late", "properties": {"note": "qqzx-said"}},
                 {"id": "b-1", "type": "Called", "contact": "external:bob", "properties": {"note": "Hi", "who": "qqzx-id"}},
                 {"id": "b-2", "type": "Called", "contact": "external:bob", "properties": {"who": "qqzx-late"}},
                 {"id": "b-3", "type": "Called", "contact": "external:bob", "properties": {"who": "%s"}},
                 {"id": "b-4", "type": "Called", "contact": "external:bob", "properties": {"who": "bob"}}]
                """.formatted(id), 200);
        Eventually.holds(() -> isMember("called", "bob"));
        var run = send("GET", "/v1/journeys/hello/runs", null, 200)
                .json()
                .at("/items/0/id")
                .textValue();
        send("POST", "/v1/interactions", """
                {"id": "run/%s/done", "type": "Called", "contact": "external:bob"}
                """.formatted(run), 422);
    }

    private void records() {
        send("PUT", "/v1/profiles/event/external:fair", "{\"attributes\": {\"name\": \"Fair\"}}", 201);
        send("PUT", "/v1/profiles/event_registration/external:qqzx-reg", """
                {"attributes": {"contact": "qqzx-id", "event": "fair", "status": "attended", "diet": "qqzx-diet", "guest": 7,
                 "registeredAt": "2026-11-01T08:00:00Z"}}
                """, 201);
        send("PUT", "/v1/profiles/ticket/external:t1", "{\"attributes\": {\"of\": \"qqzx-reg\"}}", 201);
        send("PUT", "/v1/profiles/lead/external:qqzx-lead", """
                {"attributes": {"email": "qqzx-third@example.com", "company": "qqzx-company"}}
                """, 201);
        send(
                "PUT",
                "/v1/profiles/boat/external:b1",
                "{\"attributes\": {\"owner\": \"qqzx-loser\", \"name\": \"Boat\"}}",
                201);
        send("PUT", "/v1/profiles/marketing_list/external:news", "{}", 201);
        send("PUT", "/v1/relationships/contact_marketing_list/links/external:qqzx-id/external:news", null, 204);
    }

    private void segments() throws InterruptedException {
        post("/v1/segments", Map.of("key", "people", "query", "PROFILE(contact).FILTER(ISNOTNULL(email))"), 201);
        send("POST", "/v1/segments/people/go-live", null, 202);
        Eventually.holds(() -> isMember("people", "qqzx-id"));
        send(
                "PUT",
                "/v1/segments/people/overrides/external:qqzx-id",
                "{\"kind\": \"include\", \"reason\": \"qqzx-why\"}",
                201);
        post("/v1/segments/all/members/query", Map.of("query", "PROFILE(contact)"), 201);
        finished(upload("/v1/segments/all/members/import?action=add", "externalId\nqqzx-id\nqqzx-nobody\n"));
    }

    private void jobsAndAnswers() throws InterruptedException {
        finished(upload("/v1/contacts/import", "externalId,firstName\nqqzx-id,qqzxÜna\n"));
        finished(upload("/v1/contacts/import", "externalId,email\nqqzx-id,qqzx-no-address\n"));
        finished(upload("/v1/contacts/import", "externalId,email\nqqzx-id,\"qqzx-broken\n"));
        finished(upload(
                "/v1/profiles/lead/import", "externalId,attributes.email,attributes.nothing\nqqzx-l,qqzx,qqzx\n"));
        app.admin()
                .with("Idempotency-Key", "preview")
                .request(
                        "POST",
                        "/v1/segments/preview",
                        Map.of("query", "PROFILE(contact)", "attributes", List.of("email")))
                .expect(200);
        app.admin()
                .with("Idempotency-Key", "interactions")
                .request(
                        "POST",
                        "/v1/interactions",
                        "[{\"id\": \"qqzx-4\", \"type\": \"Called\", \"contact\": \"external:qqzx-nobody\"}]")
                .expect(200);
        app.admin()
                .with("Accept", "text/csv")
                .request("GET", "/v1/segments/people/members/export?attributes=email")
                .expect(200);
    }

    private JsonNode tasks() {
        return send("GET", "/v1/tasks?contact=external:qqzx-id", null, 200)
                .json()
                .get("items");
    }

    boolean isMember(String segment, String externalId) {
        return !send("GET", "/v1/segments/" + segment + "/members?contact=external:" + externalId, null, 200)
                .json()
                .get("items")
                .isEmpty();
    }

    private String upload(String path, String table) {
        var location = app.admin()
                .with("Content-Type", "text/csv")
                .request("POST", path, table)
                .expect(202)
                .header("Location");
        return location.substring(location.indexOf("/v1/"));
    }

    private void finished(String job) throws InterruptedException {
        Eventually.holds(() -> List.of("succeeded", "failed")
                .contains(app.request("GET", job).json().get("state").textValue()));
    }

    Answer post(String path, Object body, int status) {
        return app.request("POST", path, body).expect(status);
    }

    Answer send(String method, String path, @Nullable String body, int status) {
        return app.admin().request(method, path, body).expect(status);
    }
}
