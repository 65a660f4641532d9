package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    private static final String PATTERN = "%-5p [%d{ISO8601,UTC}] [%X{traceId}] %c: %m%n%rEx";

    private final LoggerContext context = new LoggerContext();

    @Test
    void a_line_of_json_says_what_a_plain_one_says_and_no_more() throws Exception {
        var event = event("a job ended", null);

        var line = write("json", event);

        assertThat(line).endsWith("\n");
        var json = Json.mapper().readTree(line);
        assertThat(names(json))
                .containsExactlyInAnyOrder("timestamp", "level", "thread", "logger", "message", "traceId");
        assertThat(json.get("timestamp").asText()).isEqualTo("2026-11-20T17:03:00.000Z");
        assertThat(json.get("traceId").asText()).isEqualTo("4bf92f35");
        assertThat(line).doesNotContain("ada@example.com");
        assertThat(write("plain", event))
                .isEqualTo("WARN  [2026-11-20 17:03:00,000] [4bf92f35] sojourn.app.Jobs: a job ended"
                        + System.lineSeparator());
    }

    @Test
    void a_failure_is_one_line_of_json_too() throws Exception {
        var line = write("json", event("it \"broke\"\nbadly", new IllegalStateException("no such thing")));

        assertThat(line.strip()).doesNotContain("\n");
        var json = Json.mapper().readTree(line);
        assertThat(json.get("message").asText()).isEqualTo("it \"broke\"\nbadly");
        assertThat(json.get("exception").asText())
                .contains("IllegalStateException: no such thing")
                .contains("LogLinesTest");
    }

    private String write(String format, LoggingEvent event) {
        var layout = new LogLines(format, PATTERN).build(context, TimeZone.getTimeZone("UTC"));
        layout.start();
        return layout.doLayout(event);
    }

    private LoggingEvent event(String message, @Nullable Throwable failure) {
        var event = new LoggingEvent(
                "caller", context.getLogger("sojourn.app.Jobs"), Level.WARN, message, failure, new Object[0]);
        event.setInstant(Instant.parse("2026-11-20T17:03:00Z"));
        event.setMDCPropertyMap(Map.of("traceId", "4bf92f35", "recipient", "ada@example.com"));
        return event;
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
