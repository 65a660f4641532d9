package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.delivery.Channels;
import sojourn.app.platform.DeploymentSettings;
import sojourn.app.platform.FilledSettings;
import sojourn.app.platform.SettingsFactory;
import sojourn.app.platform.Variables;
import sojourn.app.platform.WorkSettings;
import sojourn.testing.App;

class SettingsTest {

    @Test
    void the_shipped_settings_are_valid() throws Exception {
        assertThat(read(Files.readString(App.config())).limits().body().toBytes())
                .isEqualTo(10 << 20);
    }

    @Test
    void all_mistakes_are_told_at_once() throws Exception {
        var wrong = Files.readString(App.config())
                .replace("limits:", "limts: {}\nlimits:")
                .replace("maxSize: 32", "maxSize: many")
                .replace("minSize:", "minimumSize:");

        assertThatThrownBy(() -> read(wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("limts")
                .hasMessageContaining("did you mean `limits`?")
                .hasMessageContaining("database.maxSize is `many`: This must be a whole number")
                .hasMessageContaining("database.minimumSize");
    }

    @Test
    void a_format_of_logs_that_is_none_is_named() throws Exception {
        var wrong = Files.readString(App.config()).replace("${SOJOURN_LOG_FORMAT:-plain}", "xml");

        assertThatThrownBy(() -> read(wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("logging.appenders[0].layout.format is `xml`: This must be one of plain, json");
    }

    @Test
    void channels_are_read_by_their_names_and_what_they_lack_is_told() throws Exception {
        var custom = Files.readString(App.config()).replace("custom: []", """
                custom:
                    - name: text-us
                      text: {sender: twilio, twilio: {url: 'https://sms.example.com', accountSid: A, authToken: t, from: '+1'},
                             connectTimeout: 5s, timeout: 15s, atOnce: 8, ratePerSecond: 10}
                """);

        var channels = new Channels(
                read(custom, Map.of("SOJOURN_PUSH_SENDER", "log", "SOJOURN_WEBHOOK_ALLOWED", "10.0.0.0/8 ::1"))
                        .channels());

        assertThat(channels.ofKind("text")).containsExactly("text", "text-us");
        assertThat(channels.find("text").orElseThrow().hasSender()).isFalse();
        assertThat(channels.find("text-us").orElseThrow().hasSender()).isTrue();
        assertThat(channels.find("push").orElseThrow().tokenAttribute()).isEqualTo("pushToken");
        assertThatThrownBy(() -> read(
                        custom.replace("name: text-us", "name: push"),
                        Map.of(
                                "SOJOURN_TEXT_SENDER",
                                "twilio",
                                "SOJOURN_PUSH_SENDER",
                                "firebase",
                                "SOJOURN_WEBHOOK_SECRET",
                                "whsec_short",
                                "SOJOURN_WEBHOOK_ALLOWED",
                                "intern.example.com")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("accountSid, authToken and from are needed")
                .hasMessageContaining("the file of a service account's key")
                .hasMessageContaining("whsec_ and at least 24 bytes")
                .hasMessageContaining("networks like 10.0.0.0/8")
                .hasMessageContaining("none of email, text, push, webhook");
    }

    @Test
    void any_variable_may_be_the_content_of_a_file(@TempDir Path directory) throws Exception {
        var secret = Files.writeString(directory.resolve("password"), "p#ss: *word*\n");
        var port = Files.writeString(directory.resolve("port"), "2525\r\n");

        var settings = read(
                Files.readString(App.config()),
                Map.of("SOJOURN_DATABASE_PASSWORD_FILE", secret.toString(), "SOJOURN_SMTP_PORT_FILE", port.toString()));

        assertThat(settings.database().getPassword()).isEqualTo("p#ss: *word*");
        assertThat(settings.smtp().port()).isEqualTo(2525);
        assertThat(settings.smtp().password()).isNull();
    }

    @Test
    void all_mistakes_of_files_are_told_with_those_of_the_settings(@TempDir Path directory) throws Exception {
        var secret = Files.writeString(directory.resolve("password"), "in the file");
        var missing = directory.resolve("nowhere").toString();
        var wrong = Files.readString(App.config()).replace("maxSize: 32", "maxSize: many");

        assertThatThrownBy(() -> read(
                        wrong,
                        Map.of(
                                "SOJOURN_DATABASE_PASSWORD",
                                "in the variable",
                                "SOJOURN_DATABASE_PASSWORD_FILE",
                                secret.toString(),
                                "SOJOURN_SMTP_PASSWORD_FILE",
                                missing)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOJOURN_DATABASE_PASSWORD and SOJOURN_DATABASE_PASSWORD_FILE are both set")
                .hasMessageContaining("SOJOURN_SMTP_PASSWORD_FILE is `" + missing + "`")
                .hasMessageContaining("database.maxSize is `many`: This must be a whole number")
                .hasMessageNotContainingAny("in the file", "in the variable");
    }

    @Test
    void a_mistake_of_a_file_is_enough_to_refuse_the_start() throws Exception {
        var shipped = Files.readString(App.config());

        assertThatThrownBy(() -> read(shipped, Map.of("SOJOURN_URL_FILE", "/nowhere/url")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOJOURN_URL_FILE is `/nowhere/url`");
        assertThat(read(shipped, Map.of("SOJOURN_URL_FILE", "")).publicUrl()).hasToString("http://127.0.0.1:8080");
    }

    @Test
    void keys_of_payloads_come_from_the_environment_or_from_files_each(@TempDir Path directory) throws Exception {
        var shipped = Files.readString(App.config());
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        var file = Files.writeString(directory.resolve("key"), key + "\n");

        read(shipped, Map.of("SOJOURN_TEMPORAL_KEYS", "2026-b:" + key + " 2026-a:" + key));
        read(shipped.replace("keyFiles: []", "keyFiles: [{id: 2026-a, file: '" + file + "'}]"));
        assertThat(read(shipped.replaceFirst("(?s)  encryption:.*?\n\n", "\n"))
                        .temporal()
                        .encryption())
                .as("nothing said")
                .isNull();
    }

    @Test
    void all_that_is_wrong_with_keys_of_payloads_is_told_and_no_key(@TempDir Path directory) throws Exception {
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        var half = Base64.getEncoder().encodeToString(new byte[16]);
        var shipped = Files.readString(App.config());
        var missing = directory.resolve("nowhere");
        var files = shipped.replace(
                "keyFiles: []", "keyFiles: [{id: a, file: '" + missing + "'}, {file: '/dev/null'}, {id: c}]");

        assertThatThrownBy(() -> read(
                        shipped,
                        Map.of(
                                "SOJOURN_TEMPORAL_KEYS",
                                "a:" + key + " a:" + key + " b:" + half + " c:s€cret " + key + " ä:" + key)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("temporal.encryption.keys has the id `a` twice")
                .hasMessageContaining("has the key `b` of 16 bytes: 32 bytes in base64, as `openssl rand -base64 32`")
                .hasMessageContaining("has the key `c` that is no base64")
                .hasMessageContaining("has no colon in entry 5: id:key would fit")
                .hasMessageContaining("has no usable id in entry 6")
                .hasMessageNotContainingAny(key, half, "s€cret");
        assertThatThrownBy(() -> read(files, Map.of("SOJOURN_TEMPORAL_KEYS", "a:" + key)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("temporal.encryption.keys and keyFiles both have keys")
                .hasMessageContaining(
                        "temporal.encryption.keyFiles has a file in entry 1 that cannot be read, " + missing)
                .hasMessageContaining("has no usable id in entry 2")
                .hasMessageContaining("a key in entry 2 of 0 bytes")
                .hasMessageContaining("names no file in entry 3");
    }

    @Test
    void how_much_is_done_at_once_is_kept_to_what_works() throws Exception {
        var shipped = Files.readString(App.config());

        assertThat(read(shipped).temporal().work())
                .isEqualTo(new WorkSettings(5, 5, 200, 200, 1000, new DeploymentSettings(null, null)));
        assertThatThrownBy(() -> read(shipped, Map.of("SOJOURN_DEPLOYMENT", "sojourn.de")))
                .hasMessageContaining("name and build: both or neither would fit")
                .hasMessageContaining("temporal.work.deployment.name letters, digits");
        assertThatThrownBy(() -> read(shipped.replace("workflowTasks: 200", "workflowTasks: 5000")
                        .replace("steps: 200", "steps: 0")
                        .replace("mostPollers: 5", "mostPollers: 4")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mostPollers: as many as pollers, or more, would fit")
                .hasMessageContaining("cachedWorkflows: as many as workflowTasks, or more, would fit")
                .hasMessageContaining("temporal.work.steps must be greater than or equal to 1");
        assertThatThrownBy(() -> read(shipped.replace(" pollers: 5", " pollers: 1")))
                .hasMessageContaining("temporal.work.pollers must be greater than or equal to 2");
    }

    private static Settings read(String text) throws Exception {
        return read(text, Map.of());
    }

    private static Settings read(String text, Map<String, String> environment) throws Exception {
        var variables = Variables.read(environment);
        var source =
                new FilledSettings(_ -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), variables);
        return new SettingsFactory<>(Settings.class, Validators.newValidator(), "dw", variables)
                .build(source, "config.yml");
    }
}
