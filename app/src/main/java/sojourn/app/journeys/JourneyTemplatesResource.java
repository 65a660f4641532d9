package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.messages.NewMessage;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.ImportConflicts;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;
import sojourn.app.segments.NewSegment;

/** Journeys that come with the program, to make one's own of. */
@Path("/v1/journey-templates")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class JourneyTemplatesResource {

    private final JourneyBundles bundles;
    private final NavigableMap<String, JourneyBundle> templates = JourneyTemplates.read();

    JourneyTemplatesResource(JourneyBundles bundles) {
        this.bundles = bundles;
    }

    /**
     * A template in a list.
     *
     * @param journeys keys of all that it makes
     * @param interactionTypes that it declares where they are not declared yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Summary(
            String key,
            @Nullable String name,
            @Nullable String description,
            List<String> tags,
            List<String> journeys,
            List<String> segments,
            List<String> messages,
            List<String> interactionTypes) {

        static Summary of(JourneyBundle bundle) {
            var first = bundle.journeys().getFirst();
            return new Summary(
                    first.key(),
                    first.document().name(),
                    first.document().description(),
                    first.document().allTags(),
                    bundle.journeys().stream().map(NewJourney::key).toList(),
                    bundle.allSegments().stream()
                            .map(NewSegment::key)
                            .flatMap(Stream::ofNullable)
                            .toList(),
                    bundle.allMessages().stream()
                            .map(NewMessage::key)
                            .flatMap(Stream::ofNullable)
                            .toList(),
                    new ArrayList<>(
                            bundle.allDeclarations().allInteractionTypes().keySet()));
        }

        boolean has(String text) {
            return (key + " " + name + " " + description + " " + tags)
                    .toLowerCase(Locale.ROOT)
                    .contains(text.toLowerCase(Locale.ROOT));
        }
    }

    /** @param key for the journey, the template's when null */
    record Wish(
            @Size(max = NewJourney.LONGEST_KEY)
            @Pattern(regexp = NewJourney.KEY, message = NewJourney.KEY_ADVICE)
            @Nullable
            String key,

            @Nullable ImportConflicts conflicts) {}

    @Operation(summary = "Lists the journeys that come with the product")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Summary> list(
            @QueryParam("q") @Nullable String q,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var found = templates.tailMap(after == null ? "" : after.get(0), false).values().stream()
                .map(Summary::of)
                .filter(summary -> q == null || summary.has(q))
                .limit(size + 1L)
                .toList();
        return Page.of(found, size, summary -> Cursor.of(summary.key()));
    }

    /** As {@code POST /v1/journeys/import} takes it. */
    @Operation(summary = "Reads a journey template as a bundle")
    @GET
    @Path("/{key}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public JourneyBundle get(@PathParam("key") String key) {
        return Optional.ofNullable(templates.get(key)).orElseThrow(() -> Problem.notFound("journey template", key));
    }

    /** Makes drafts of the journey and of what it names, and declares what these need. */
    @Operation(summary = "Creates drafts of a template's journey and of all that it names")
    @Answers(
            value = JourneyBundles.Imported.class,
            status = {200, 201})
    @POST
    @Path("/{key}/journeys")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response make(@PathParam("key") String key, @OptionalBody @Valid @Nullable Wish wish, @Auth Caller caller) {
        var conflicts = wish == null || wish.conflicts() == null ? ImportConflicts.refuse : wish.conflicts();
        var imported = bundles.take(get(key), wish == null ? null : wish.key(), conflicts, caller);
        return JourneyBundleResource.answer(imported);
    }
}
