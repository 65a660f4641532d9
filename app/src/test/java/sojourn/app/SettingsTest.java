package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import sojourn.app.platform.SettingsFactory;
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

    private static Settings read(String text) throws Exception {
        var source = new SubstitutingSourceProvider(
                _ -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                new EnvironmentVariableSubstitutor(false));
        return new SettingsFactory<>(Settings.class, Validators.newValidator(), "dw").build(source, "config.yml");
    }
}
