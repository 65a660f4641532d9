package sojourn.app.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The channels beside email; {@code config.yml} explains each setting. */
public record ChannelSettings(
        @NotNull @Valid TextSettings text,
        @NotNull @Valid PushSettings push,
        @NotNull @Valid WebhookSettings webhook,
        @NotNull List<@Valid Custom> custom) {

    private static final Set<String> BUILT_IN = Set.of("email", "text", "push", "webhook");

    /** A channel beside the usual one of its kind, which tiles name. */
    public record Custom(
            @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,49}")
            String name,

            @Nullable @Valid TextSettings text,
            @Nullable @Valid PushSettings push) {

        @JsonIgnore
        @ValidationMethod(message = "either text or push is needed")
        public boolean isOfOneKind() {
            return (text == null) != (push == null);
        }
    }

    @JsonIgnore
    @ValidationMethod(message = "custom: each needs a name of its own, and none of email, text, push, webhook")
    public boolean isWithNamesOfTheirOwn() {
        var names = custom.stream().map(Custom::name).filter(Objects::nonNull).toList();
        return Set.copyOf(names).size() == names.size() && names.stream().noneMatch(BUILT_IN::contains);
    }
}
