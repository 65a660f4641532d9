package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives somebody an appointment with the contact to do; its parts are those of every {@link Tile.ToDo}. */
public record CreateAppointment(
        @Nullable String user,
        @Nullable String team,
        @Nullable String subject,
        @Nullable String text,
        @Nullable Span due,
        @JsonInclude @Nullable String next)
        implements Tile.ToDo {

    @Override
    public String type() {
        return "createAppointment";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        return Exits.of("/next", next);
    }
}
