package sojourn.app.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.platform.Json;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Deed;
import sojourn.app.segments.NamedRecords;
import sojourn.testing.Database;

class MessageEditorTest {

    private static final Deed ADA = Deed.by("ada");
    private static final Deed BOB = Deed.by("bob");

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    @RegisterExtension
    final Database database = new Database();

    private MessageEditor editor;

    @BeforeEach
    void start() {
        editor = new MessageEditor(
                database.jdbi(),
                new ProfileTypes(database.jdbi()),
                new NamedRecords(database.jdbi(), () -> NOW),
                () -> NOW);
    }

    @Test
    void a_draft_goes_live_and_an_edit_waits_beside_it() {
        editor.create(message("hello", "Hi {{ contact.firstName }}"), ADA);

        var live = editor.goLive("hello", null, ADA);
        var edited = editor.replace("hello", "\"2\"", message("hello", "Bye"), BOB);
        var again = editor.goLive("hello", null, BOB);

        assertThat(live.state()).isEqualTo("live");
        assertThat(live.liveVersion()).isEqualTo(1);
        assertThat(edited.content().subject()).isEqualTo("Hi {{ contact.firstName }}");
        assertThat(edited.draft()).extracting(MessageContent::subject).isEqualTo("Bye");
        assertThat(again.liveVersion()).isEqualTo(2);
        assertThat(again.draft()).isNull();
        assertThat(live("hello").map(message -> message.content().subject())).contains("Bye");
        var first = database.jdbi().withHandle(handle -> new Messages().version(handle, "hello", 1));
        assertThat(first.isPresent()).isTrue();
    }

    @Test
    void verbs_may_be_repeated() {
        editor.create(message("hello", "Hi"), ADA);
        var live = editor.goLive("hello", null, ADA);

        assertThat(editor.goLive("hello", null, ADA)).isEqualTo(live);
        assertThat(editor.stop("hello", null, false, ADA)).isEqualTo(editor.stop("hello", null, false, ADA));
        assertThat(live("hello")).isEmpty();
        assertThat(editor.goLive("hello", null, ADA).liveVersion()).isEqualTo(1);
    }

    @Test
    void an_update_needs_the_version_that_was_read() {
        editor.create(message("hello", "Hi"), ADA);

        assertThat(problem(() -> editor.replace("hello", null, message("hello", "Bye"), ADA)))
                .isEqualTo(ProblemType.PRECONDITION_REQUIRED);
        assertThat(problem(() -> editor.replace("hello", "\"7\"", message("hello", "Bye"), ADA)))
                .isEqualTo(ProblemType.STALE);
    }

    @Test
    void a_taken_key_and_an_unknown_one_are_problems() {
        editor.create(message("hello", "Hi"), ADA);

        assertThat(problem(() -> editor.create(message("hello", "Hi"), ADA))).isEqualTo(ProblemType.KEY_TAKEN);
        assertThat(problem(() -> editor.find("nothing"))).isEqualTo(ProblemType.NOT_FOUND);
    }

    @Test
    void only_what_never_was_live_is_deleted() {
        editor.create(message("draft", "Hi"), ADA);
        editor.create(message("live", "Hi"), ADA);
        editor.goLive("live", null, ADA);

        editor.delete("draft", null, ADA);

        assertThat(problem(() -> editor.find("draft"))).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(problem(() -> editor.delete("live", null, ADA))).isEqualTo(ProblemType.WRONG_STATE);
    }

    @Test
    void everything_malformed_is_said_at_once() {
        var wrong = new NewMessage(
                "No key",
                "fax",
                null,
                "fun",
                "not an address",
                null,
                "Hi {{ x",
                "a\r\nBcc: b@example.com",
                "{% include 'x' %}",
                null,
                null,
                null,
                null,
                null,
                null,
                null);

        var problem = catchThrowableOfType(Problem.class, () -> editor.create(wrong, ADA));

        assertThat(problem.errors().stream().map(error -> error.pointer() + " " + error.code()))
                .containsExactlyInAnyOrder(
                        "/key invalid-key",
                        "/channel unknown-channel",
                        "/purpose unknown-purpose",
                        "/from invalid-address",
                        "/subject syntax",
                        "/preheader control-character",
                        "/html unknown-tag");
    }

    @Test
    void fields_that_do_not_exist_keep_a_message_from_going_live() {
        editor.create(message("hello", "Hi {{ contact.fristName }} from {{ jorney.key }}"), ADA);

        var problem = catchThrowableOfType(Problem.class, () -> editor.goLive("hello", null, ADA));

        assertThat(problem.errors())
                .containsExactly(
                        new ProblemError(
                                "/subject",
                                "unknown-field",
                                "There is no field \"contact.fristName\"; did you mean `contact.firstName`?",
                                1,
                                7),
                        new ProblemError(
                                "/subject",
                                "unknown-field",
                                "There is no field \"jorney.key\"; did you mean `journey.key`?",
                                1,
                                36));
        assertThat(editor.check("hello").problems()).isEqualTo(problem.errors());
    }

    @Test
    void a_message_without_sender_subject_and_body_stays_a_draft() {
        editor.create(
                new NewMessage(
                        "empty",
                        "email",
                        null,
                        "commercial",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                ADA);

        assertThatThrownBy(() -> editor.goLive("empty", null, ADA))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors().stream().map(ProblemError::code))
                                .containsExactly("missing-from", "missing-subject", "missing-body"));
    }

    @Test
    void a_message_reads_back_flat() throws Exception {
        var json = Json.mapper().valueToTree(editor.create(message("hello", "Hi"), ADA));

        assertThat(json.get("subject").asText()).isEqualTo("Hi");
        assertThat(json.get("state").asText()).isEqualTo("draft");
        assertThat(json.get("draft").isNull()).isTrue();
        assertThat(json.has("content")).isFalse();
        assertThat(json.has("revision")).isFalse();
    }

    @Test
    void rendering_makes_the_text_part_and_keeps_line_breaks_out_of_headers() throws Exception {
        editor.create(message("hello", "Hi {{ contact.firstName }}"), ADA);
        editor.goLive("hello", null, ADA);
        var live = live("hello").orElseThrow();

        var rendered = new MessageRenderer()
                .render(live, Map.of("contact", Map.of("firstName", "Ada\r\nBcc: eve@example.com")));

        assertThat(rendered.subject()).isEqualTo("Hi Ada Bcc: eve@example.com");
        assertThat(rendered.text())
                .isEqualTo("Hello Ada Bcc: eve@example.com\n\nSee what is new (https://shop.example.com/)");
    }

    private Optional<LiveMessage> live(String key) {
        return database.jdbi().withHandle(handle -> new Messages().live(handle, key));
    }

    private static NewMessage message(String key, @Nullable String subject) {
        return new NewMessage(
                key,
                "email",
                null,
                "commercial",
                "Shop <shop@example.com>",
                null,
                subject,
                null,
                "<p>Hello {{ contact.firstName }}</p><p><a href='https://shop.example.com/'>See what is new</a></p>",
                null,
                null,
                List.of("spring"),
                null,
                null,
                null,
                null);
    }

    private static ProblemType problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(Problem.class, call).type();
    }
}
