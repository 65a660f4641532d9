package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Json;
import sojourn.testing.Database;

class ContactsTest {

    @RegisterExtension
    final Database database = new Database();

    private final Contacts contacts = new Contacts();

    @Test
    void a_contact_is_found_by_uuid_and_by_external_id() {
        var uuid = UUID.fromString("0193a7aa-0000-7000-8000-000000000001");
        database.jdbi().useHandle(handle -> handle.execute("""
                        insert into contact (uuid, external_id, created_at, updated_at) values (?, '42', now(), now())
                        """, uuid));

        var found = database.jdbi()
                .withHandle(handle ->
                        contacts.resolveAll(handle, List.of("external:42", uuid.toString(), "external:43", "42", "")));

        assertThat(found).containsOnlyKeys("external:42", uuid.toString());
        assertThat(found.values()).containsOnly(1L);
    }

    @Test
    void the_upper_case_of_a_uuid_names_the_same_contact() {
        var uuid = UUID.fromString("0193a7aa-0000-7000-8000-00000000000a");
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "insert into contact (uuid, created_at, updated_at) values (?, now(), now())", uuid));

        var found = database.jdbi()
                .withHandle(handle -> contacts.resolve(handle, uuid.toString().toUpperCase(Locale.ROOT)));
        assertThat(found).hasValue(1);
    }

    @Test
    void an_erased_contact_is_read_by_its_id_but_no_longer_named() {
        var uuid = UUID.fromString("0193a7aa-0000-7000-8000-000000000001");
        database.jdbi().useHandle(handle -> handle.execute("""
                        insert into contact (uuid, state, created_at, updated_at) values (?, 'erased', now(), now())
                        """, uuid));

        database.jdbi().useHandle(handle -> {
            assertThat(contacts.resolve(handle, uuid.toString())).isEmpty();
            assertThat(contacts.find(handle, 1)).get().extracting(Contact::uuid).isEqualTo(uuid);
        });
    }

    @Test
    void a_contact_shows_its_uuid_as_its_id() throws JsonProcessingException {
        database.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, address, attributes, created_at, updated_at)
                values ('42', '{"city": "Berlin"}', '{"age": 42, "score": 1.50}', now(), now())
                """));

        var contact = database.jdbi()
                .withHandle(handle -> contacts.findAll(handle, List.of(1L)))
                .getFirst();
        var json = Json.mapper().readTree(Json.mapper().writeValueAsString(contact));

        assertThat(json.get("id").textValue()).isEqualTo(contact.uuid().toString());
        assertThat(json.has("uuid")).isFalse();
        assertThat(json.has("version")).isFalse();
        assertThat(json.get("address").get("city").textValue()).isEqualTo("Berlin");
        assertThat(json.get("attributes").get("score").decimalValue()).isEqualByComparingTo("1.5");
    }
}
