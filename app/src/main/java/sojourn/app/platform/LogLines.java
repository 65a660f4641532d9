package sojourn.app.platform;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.logging.common.DropwizardLayout;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import io.dropwizard.logging.json.EventJsonLayoutBaseFactory;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Set;
import java.util.TimeZone;

/**
 * The layout {@code lines} of an appender in config.yml: lines for people, or JSON for programs, by one word of the
 * environment. Both say the same; of what hangs on a thread only the trace id is written.
 *
 * @param format {@code plain} or {@code json}; no enum, since Jackson forgets where it was inside of a layout
 * @param pattern of plain lines, as Logback has it
 */
@JsonTypeName("lines")
public record LogLines(
        @NotNull @Pattern(regexp = "plain|json", message = "is `${validatedValue}`: This must be one of plain, json")
        String format,

        @NotBlank String pattern)
        implements DiscoverableLayoutFactory<ILoggingEvent> {

    @JsonCreator
    public LogLines {}

    @Override
    public LayoutBase<ILoggingEvent> build(LoggerContext context, TimeZone zone) {
        return format.equals("json") ? json(context, zone) : plain(context, zone);
    }

    private LayoutBase<ILoggingEvent> plain(LoggerContext context, TimeZone zone) {
        var layout = new DropwizardLayout(context, zone);
        layout.setPattern(pattern);
        return layout;
    }

    private static LayoutBase<ILoggingEvent> json(LoggerContext context, TimeZone zone) {
        var factory = new EventJsonLayoutBaseFactory();
        factory.setTimestampFormat("yyyy-MM-dd'T'HH:mm:ss.SSSX");
        factory.setIncludesMdcKeys(Set.of("traceId"));
        factory.setFlattenMdc(true);
        return factory.build(context, zone);
    }
}
