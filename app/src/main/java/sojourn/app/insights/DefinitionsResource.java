package sojourn.app.insights;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import sojourn.app.platform.Page;
import sojourn.app.security.Role;

/** What each figure means. */
@Path("/v1/insights/definitions")
@Produces(MediaType.APPLICATION_JSON)
public final class DefinitionsResource {

    /**
     * A figure.
     *
     * @param per {@code journey} or {@code tile}
     * @param narrowedBy beside version, from and to, which narrow every figure by the beginning of the run or visit
     */
    record Definition(String figure, String per, String meaning, List<String> narrowedBy) {

        static Definition of(Figure figure) {
            return new Definition(
                    figure.word(),
                    figure.source() == Figure.Source.RUN ? "journey" : "tile",
                    figure.meaning(),
                    Arrays.stream(Narrowing.values())
                            .filter(figure::takes)
                            .map(Narrowing::word)
                            .toList());
        }
    }

    @Operation(summary = "Lists every figure with its meaning")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Definition> definitions() {
        return new Page<>(Arrays.stream(Figure.values()).map(Definition::of).toList(), null);
    }
}
