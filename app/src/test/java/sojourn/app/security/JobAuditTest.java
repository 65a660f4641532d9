package sojourn.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Noted;

/** Who had which job cancelled is in the audit log. */
class JobAuditTest {

    @RegisterExtension
    static final App app = new App();

    private static UUID job(String kind, String subject, String input, String result) {
        return app.jdbi()
                .withHandle(handle -> handle.select("""
                                insert into job (kind, state, subject, input, result, created_at, created_by, leased_until)
                                values (?, 'queued', ?, ?::jsonb, ?::jsonb, now(), 'the shop', now() + interval '1 day')
                                returning id
                                """, kind, subject, input, result)
                        .mapTo(UUID.class)
                        .one());
    }

    @Test
    void a_job_that_was_cancelled_is_kept_once() {
        var job = job("none-that-runs", "win-back", "{}", "{}");

        for (var twice = 0; twice < 2; twice++) {
            app.request("POST", "/v1/jobs/" + job + "/cancel");
        }

        assertThat(Noted.about(app, "job", job.toString()))
                .containsExactly(Noted.of("cancelled", "{\"kind\": \"none-that-runs\", \"subject\": \"win-back\"}"));
        assertThat(Noted.entries(app, "kind=job&thing=" + job)
                        .getFirst()
                        .path("by")
                        .asText())
                .isEqualTo("test admin");
    }

    @Test
    void what_it_had_done_by_then_is_kept_too() {
        var job = job(
                "contact-import",
                "contacts",
                "{\"format\": \"CSV\", \"charset\": \"UTF-8\", \"type\": null}",
                "{\"created\": 1000, \"updated\": 0, \"rejected\": 0}");

        app.request("POST", "/v1/jobs/" + job + "/cancel").expect(202);

        assertThat(Noted.about(app, "import", job.toString())).containsExactly(Noted.of("imported", """
                        {"type": "contact", "state": "cancelled", "created": 1000, "updated": 0, "rejected": 0}
                        """));
        var entry = Noted.entries(app, "kind=import&thing=" + job).getFirst();
        assertThat(entry.path("by").asText()).isEqualTo("the shop");
    }
}
