package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Json;
import sojourn.testing.Database;

class ProfileTypesTest {

    @RegisterExtension
    final Database database = new Database();

    @Test
    void declared_attributes_follow_the_built_in_ones() {
        database.jdbi().useHandle(handle -> handle.execute("""
                insert into profile_attribute (profile_type, key, type, options, position)
                values ('contact', 'tier', 'option', array['gold', 'silver'], 1), ('contact', 'age', 'number', null, 2)
                """));

        var attributes = new ProfileTypes(database.jdbi()).contactAttributes();

        assertThat(attributes.keySet()).startsWith("externalId", "email").endsWith("tier", "age");
        assertThat(attributes)
                .containsEntry("tier", Declaration.option("gold", "silver"))
                .containsEntry("age", Declaration.of(ValueType.NUMBER))
                .containsEntry("address.city", Declaration.of(ValueType.TEXT));
    }

    @Test
    void a_declaration_is_a_word_or_an_object() throws JsonProcessingException {
        var json = Json.mapper();

        assertThat(json.readValue("\"number\"", Declaration.class)).isEqualTo(Declaration.of(ValueType.NUMBER));
        assertThat(json.readValue("{\"type\": \"option\", \"options\": [\"a\"]}", Declaration.class))
                .isEqualTo(Declaration.option("a"));
        assertThat(json.writeValueAsString(Declaration.of(ValueType.DATE))).isEqualTo("\"date\"");
        assertThat(json.writeValueAsString(Declaration.option("a")))
                .isEqualTo("{\"type\":\"option\",\"options\":[\"a\"]}");
    }
}
