package sojourn.app.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class TasksResourceTest {

    @RegisterExtension
    static final App app = new App();

    private String task = "";

    @BeforeAll
    static void contacts() {
        app.request("PUT", "/v1/contacts/external:ada", "{\"email\": \"ada@example.com\"}")
                .expect(201);
        app.request("PUT", "/v1/contacts/external:bob", "{\"email\": \"bob@example.com\"}")
                .expect(201);
    }

    @BeforeEach
    void aTask() {
        task = app.jdbi()
                .withHandle(handle -> handle.select("""
                                insert into task (contact_id, kind, state, owner, subject, text, journey, version, tile, pass,
                                                  run_id, visit, created_at)
                                select id, 'phoneCall', 'open', 'eva', 'Call Ada', 'at home', 'win-back', 1, 'call', 1,
                                       gen_random_uuid(), 2, now()
                                from contact where external_id = 'ada'
                                returning id::text
                                """).mapTo(String.class).one());
    }

    @Test
    void a_completed_task_is_an_interaction_once_and_stays_completed() {
        var completed = app.request("POST", "/v1/tasks/" + task + "/complete", "{\"outcome\": \"reached\"}")
                .expect(200);
        app.request("POST", "/v1/tasks/" + task + "/complete", "{\"outcome\": \"again\"}")
                .expect(200);

        assertThat(completed.json().get("state").textValue()).isEqualTo("completed");
        assertThat(completed.json().get("outcome").textValue()).isEqualTo("reached");
        var recorded = app.jdbi()
                .withHandle(
                        handle -> handle.select("""
                                select properties ->> 'outcome' from interaction
                                where properties ->> 'task' = ? and tile = 'call' and journey = 'win-back'
                                """, task).mapTo(String.class).list());
        assertThat(recorded).containsExactly("reached");
        assertThat(app.request("POST", "/v1/tasks/" + task + "/cancel")
                        .expect(409)
                        .json()
                        .get("type")
                        .textValue())
                .isEqualTo("urn:sojourn:problem:wrong-state");
    }

    @Test
    void a_cancelled_task_is_no_interaction() {
        app.request("POST", "/v1/tasks/" + task + "/cancel").expect(200);

        app.request("POST", "/v1/tasks/" + task + "/complete").expect(409);
        app.request("POST", "/v1/tasks/" + UUID.randomUUID() + "/complete").expect(404);
        int recorded = app.jdbi()
                .withHandle(handle -> handle.select(
                                "select count(*) from interaction where properties ->> 'task' = ?", task)
                        .mapTo(Integer.class)
                        .one());
        assertThat(recorded).isZero();
    }

    @Test
    void tasks_are_listed_by_state_owner_and_contact_newest_first() {
        var older = task;
        aTask();

        var listed = app.request("GET", "/v1/tasks?state=open&owner=eva&contact=external:ada&limit=2")
                .expect(200)
                .json();
        assertThat(listed.get("items").findValuesAsText("id")).containsExactly(task, older);
        assertThat(app.request("GET", "/v1/tasks?contact=external:bob")
                        .expect(200)
                        .json()
                        .get("items"))
                .isEmpty();
        assertThat(app.request("GET", "/v1/tasks?owner=nobody")
                        .expect(200)
                        .json()
                        .get("items"))
                .isEmpty();
        app.request("GET", "/v1/tasks?state=done").expect(422);
    }

    @Test
    void a_viewer_does_not_see_what_was_made_for_the_contact() {
        var seen =
                app.as("viewer").request("GET", "/v1/tasks/" + task).expect(200).json();

        assertThat(seen.get("owner").textValue()).isEqualTo("eva");
        assertThat(seen.path("subject").isTextual()).isFalse();
        assertThat(seen.path("text").isTextual()).isFalse();
    }

    @Test
    void tasks_follow_a_merge_and_an_erasure_leaves_nothing_of_the_person() {
        app.request("PUT", "/v1/contacts/external:eve", "{\"email\": \"eve@example.com\"}")
                .expect(201);
        app.request("PUT", "/v1/contacts/external:eva", "{\"email\": \"eva@example.com\"}")
                .expect(201);
        app.jdbi()
                .useHandle(handle -> handle.execute(
                        "update task set contact_id = (select id from contact where external_id = 'eve') where id = ?::uuid",
                        task));

        app.request("POST", "/v1/contacts/external:eva/merge", "{\"loser\": \"external:eve\"}")
                .expect(200);
        assertThat(app.request("GET", "/v1/tasks/" + task)
                        .expect(200)
                        .json()
                        .get("externalId")
                        .textValue())
                .isEqualTo("eva");

        app.request("DELETE", "/v1/contacts/external:eva").expect(204);
        var left = app.request("GET", "/v1/tasks/" + task).expect(200).json();
        assertThat(left.get("state").textValue()).isEqualTo("cancelled");
        assertThat(left.path("subject").isTextual()
                        || left.path("text").isTextual()
                        || left.path("owner").isTextual())
                .isFalse();
    }
}
