package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.platform.Json;
import sojourn.app.security.Role;
import sojourn.testing.App;

/** The published schema lets through what the API reads as a draft, and nothing else. */
class JourneySchemaTest {

    @RegisterExtension
    static final App app = new App();

    private static final ObjectMapper JSON = Json.mapper();

    static Stream<String> examples() throws IOException {
        return JourneyGuideTest.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_example_of_the_guide_fits(String example) throws IOException {
        var document = document(example);

        assertThat(schema().validate(document)).isEmpty();
        assertReadable(document, true);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void a_field_that_nobody_knows_does_not_fit_wherever_it_is(String example) throws IOException {
        var schema = schema();
        var document = document(example);
        var tiles = document.get("tiles");

        for (var place : tiles) {
            ((ObjectNode) place).put("colour", "blue");
            assertThat(schema.validate(document)).as(document.toString()).isNotEmpty();
            assertReadable(document, false);
            ((ObjectNode) place).remove("colour");
        }
        assertThat(schema.validate(document.put("colour", "blue"))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': 5}",
                "{'tags': [null]}",
                "{'audience': {'combine': 'both'}}",
                "{'audience': {'interaction': {'type': 'Purchase', 'colour': 'blue'}}}",
                "{'exit': {'segments': [{'enters': 'vip'}]}}",
                "{'exit': {'whenLeavingAudience': 'yes'}}",
                "{'goal': {'within': '3 days'}}",
                "{'goal': {'within': 'P'}}",
                "{'goal': {'within': '-P3D'}}",
                "{'reentry': {'policy': 'sometimes'}}",
                "{'reentry': {'policy': 'recurring', 'count': 1.5}}",
                "{'limits': {'perHour': 'many'}}",
                "{'limits': {'weekdays': ['caturday']}}",
                "{'limits': {'hours': {'from': '25:00'}}}",
                "{'limits': {'hours': {'opens': '09:00'}}}",
                "{'tiles': {'a': {'next': null}}}",
                "{'tiles': {'a': {'type': 'fax', 'next': null}}}",
                "{'tiles': {'a': {'type': 'end', 'next': null}}}",
                "{'tiles': {'a': {'type': 'email', 'priority': 'urgent'}}}",
                "{'tiles': {'a': {'type': 'email', 'sendWindow': {'days': ['caturday']}}}}",
                "{'tiles': {'a': {'type': 'email', 'sendWindow': {'from': '25:00'}}}}",
                "{'tiles': {'a': {'type': 'waitUntil', 'at': 'tomorrow'}}}",
                "{'tiles': {'a': {'type': 'ifThen', 'branches': [{'when': [{'segment': 'vip', 'is': 'near'}]}]}}}",
                "{'tiles': {'a': {'type': 'split', 'branches': [{'count': 1.5}]}}}",
                "{'tiles': {'a': {'type': 'abTest', 'metric': 'luck'}}}",
                "{'tiles': {'a': {'type': 'abTest', 'variants': [{'title': 'Hi'}]}}}",
                "{'tiles': {'a': {'type': 'abTest', 'sends': {'type': 'webhook'}}}}",
                "{'tiles': {'a': {'type': 'abTest', 'sends': {'type': 'email', 'url': 'x'}}}}",
                "{'tiles': {'a': {'type': 'startJourney', 'waiting': true}}}",
                "{'tiles': {'a': {'type': 'updateContact', 'set': {'tier': null}}}}"
            })
    void what_the_api_refuses_does_not_fit(String text) throws IOException {
        var document = JSON.readTree(text.replace('\'', '"'));

        assertThat(schema().validate(document)).isNotEmpty();
        assertReadable(document, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'name': null, 'tags': null, 'audience': null, 'exit': {'segments': null}, 'tiles': null}",
                "{'audience': {'combine': null}, 'goal': {'within': 'P1Y2M3W4DT5H6M7.5S'}}",
                "{'tiles': {'a': {'type': 'waitUntil', 'at': '2026-12-01T09:00:30', 'offset': '-PT1H', 'zone': null}}}",
                "{'tiles': {'a': {'type': 'abTest', 'sends': null, 'end': null, 'metric': null, 'variants': [{}]}}}",
                "{'tiles': {'a': {'type': 'webhook', 'body': null}, 'b': {'type': 'webhook', 'body': [1, 'two']}}}",
                "{'tiles': {'a': {'type': 'emit', 'properties': {'list': ['a'], 'on': true, 'number': 1.5}}}}"
            })
    void what_the_api_reads_as_a_draft_fits(String text) throws IOException {
        var document = JSON.readTree(text.replace('\'', '"'));

        assertThat(schema().validate(document)).isEmpty();
        assertReadable(document, true);
    }

    @Test
    void viewers_get_it_where_no_journey_can_be() {
        var schema = app.as(Role.VIEWER)
                .request("GET", "/v1/journeys/schema")
                .expect(200)
                .json();
        var refused = app.request("POST", "/v1/journeys", "{\"key\": \"schema\", \"document\": {}}")
                .expect(422);

        assertThat(schema.get("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.at("/$defs/waitFor/properties/type/const").asText()).isEqualTo("waitFor");
        assertThat(schema.at("/$defs/startJourney/properties").has("wait")).isTrue();
        assertThat(refused.json().at("/errors/0/code").asText()).isEqualTo("reserved-key");
    }

    /** As it is published, checked itself. */
    private static JsonSchema schema() {
        var published = app.request("GET", "/v1/journeys/schema").expect(200).json();
        var factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        assertThat(factory.getSchema(SchemaLocation.of(SchemaId.V202012)).validate(published))
                .isEmpty();
        return factory.getSchema(published);
    }

    private static ObjectNode document(String example) throws IOException {
        var json = (ObjectNode) JSON.readTree(example);
        return json.has("tiles") ? json : JSON.createObjectNode().set("tiles", json);
    }

    private static void assertReadable(JsonNode document, boolean readable) {
        try {
            JourneyWorld.document(document.toString());
            assertThat(readable).as(document.toString()).isTrue();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasCauseInstanceOf(JsonProcessingException.class);
            assertThat(readable).as(document.toString()).isFalse();
        }
    }
}
