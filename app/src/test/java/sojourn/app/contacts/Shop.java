package sojourn.app.contacts;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import sojourn.app.platform.Transactions;
import sojourn.testing.App;

/** What the tests of records ask of the application. */
final class Shop {

    private final App app;

    Shop(App app) {
        this.app = app;
    }

    /** Only what came with the product is there. */
    void clear() {
        // The loops of the app may hold the same tables in another order.
        Transactions.use(app.jdbi(), handle -> {
            handle.execute("""
                    truncate contact, profile, link, change, change_seen, record_change, record_change_seen
                    restart identity
                    """);
            handle.execute("delete from relationship where not built_in");
            handle.execute("delete from profile_attribute where not built_in");
            handle.execute("delete from profile_type where not built_in");
        });
    }

    void put(String path, String body) {
        app.request("PUT", path, body).expect(201);
    }

    JsonNode get(String path) {
        return app.request("GET", path).expect(200).json();
    }

    void forgetWord() {
        app.jdbi().useHandle(handle -> handle.execute("truncate change_seen, record_change_seen"));
    }

    List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }

    /** {@code relationship from to}, by external ids. */
    List<String> links() {
        return texts("""
                select r.key || ' ' || f.name || ' ' || t.name
                from link l join relationship r on r.id = l.relationship_id
                join lateral (select external_id from contact where r.from_type = 'contact' and id = l.from_id
                              union all
                              select external_id from profile where r.from_type <> 'contact' and id = l.from_id) f (name)
                  on true
                join lateral (select external_id from contact where r.to_type = 'contact' and id = l.to_id
                              union all
                              select external_id from profile where r.to_type <> 'contact' and id = l.to_id) t (name)
                  on true
                order by 1
                """);
    }

    /** {@code type ids} of each word of records that changed, for whatever cause, and the names of those that are gone. */
    List<String> recordWord() {
        return texts("""
                select distinct t.key || ' ' || case when c.names = '{}' then c.record_ids::text else c.names::text end
                from record_change_seen c join profile_type t on t.id = c.type_id order by 1
                """);
    }

    /** {@code ids causes} of each word of contacts that changed. */
    List<String> contactWord() {
        return texts("""
                select contact_ids::text || ' ' || causes::text from change_seen where consumer = 'segments' order by 1
                """);
    }

    JsonNode imported(String path, String type, String text) throws InterruptedException {
        var location = app.admin()
                .with("Content-Type", type)
                .request("POST", path, HttpRequest.BodyPublishers.ofString(text))
                .expect(202)
                .header("Location");
        for (var time = 0; time < 3000; time++) {
            var job = get(location.substring(location.indexOf("/v1/")));
            if (!List.of("queued", "running").contains(job.get("state").textValue())) {
                return job;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("The job does not end");
    }

    static List<String> problems(JsonNode job) {
        return job.get("problems")
                .valueStream()
                .map(problem ->
                        problem.get("line").asText() + " " + problem.get("code").textValue())
                .toList();
    }

    static List<String> errors(JsonNode problem) {
        return problem.get("errors")
                .valueStream()
                .map(error -> error.get("pointer").textValue() + " "
                        + error.get("code").textValue())
                .toList();
    }

    static String type(JsonNode problem) {
        return problem.get("type").textValue().replace("urn:sojourn:problem:", "");
    }

    /** Runs these at once, and answers what each came to. */
    static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        try (var threads = Executors.newFixedThreadPool(tasks.size())) {
            var futures = threads.invokeAll(tasks);
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
