package sojourn.app.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Noted;

/** Who ended which task is in the audit log; what came of it is not. */
class TaskAuditTest {

    private static final String RUN = "0193a7c2-5b7e-7cc0-9d52-0242ac120002";
    private static final String ORIGIN = "{\"journey\": \"win-back\", \"tile\": \"call\", \"run\": \"" + RUN + "\"}";

    @RegisterExtension
    static final App app = new App();

    private static String task(int visit) {
        return app.jdbi()
                .withHandle(handle ->
                        handle.select("""
                                insert into task (contact_id, kind, state, subject, journey, version, tile, pass, run_id, visit,
                                                  created_at)
                                select id, 'phoneCall', 'open', 'Call Ada', 'win-back', 1, 'call', 1, ?::uuid, ?, now()
                                from contact where external_id = 'ada'
                                returning id::text
                                """, RUN, visit).mapTo(String.class).one());
    }

    @Test
    void a_task_that_was_completed_or_called_off_is_kept_once() {
        app.request("PUT", "/v1/contacts/external:ada", "{}").expect(201);
        var ada = app.request("GET", "/v1/contacts/external:ada")
                .json()
                .path("id")
                .asText();
        var done = task(1);
        var off = task(2);

        for (var twice = 0; twice < 2; twice++) {
            app.request("POST", "/v1/tasks/" + done + "/complete", "{\"outcome\": \"she is ill\"}")
                    .expect(200);
            app.request("POST", "/v1/tasks/" + off + "/cancel").expect(200);
        }
        app.request("POST", "/v1/tasks/" + done + "/cancel").expect(409);

        assertThat(Noted.about(app, "task", done)).containsExactly(Noted.of("completed", ORIGIN));
        assertThat(Noted.about(app, "task", off)).containsExactly(Noted.of("cancelled", ORIGIN));
        var entries = Noted.entries(app, "contactId=" + ada);
        assertThat(entries).hasSize(2);
        assertThat(entries.toString()).doesNotContain("ill", "Call Ada");
    }
}
