package sojourn.app.segments;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.security.Role;
import sojourn.app.segments.SegmentUse.Use;
import sojourn.app.segments.language.Needs;

/** What uses a segment, and what it builds on. */
@Path("/v1/segments/{segment}/related")
@Produces(MediaType.APPLICATION_JSON)
public final class SegmentRelationsResource {

    /** Where a query names no type, it asks for interactions of each. */
    private static final String ANY = "ANY";

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final SegmentUses uses;

    SegmentRelationsResource(Jdbi jdbi, Vocabulary vocabulary, SegmentUses uses) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.uses = uses;
    }

    /**
     * How a segment stands with others.
     *
     * @param usedBy why it is in use: what would suffer if it were stopped or deleted
     * @param buildsOn what its query, and the edit beside it, names
     */
    record Related(List<Use> usedBy, BuildsOn buildsOn) {}

    /** What a query names. */
    record BuildsOn(List<Upstream> segments, Collection<String> interactionTypes, Collection<String> attributes) {}

    /** A segment that a query names. */
    record Upstream(String key, String name, String state) {}

    @Operation(summary = "Lists what uses a segment, and what it builds on")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Related related(@PathParam("segment") String reference) {
        return jdbi.inTransaction(handle -> {
            var segment = SegmentReadings.find(handle, reference);
            var words = vocabulary.read(handle);
            return new Related(uses.of(handle, words, segment.key()), buildsOn(handle, words, segment));
        });
    }

    private static BuildsOn buildsOn(Handle handle, Vocabulary.Words words, Segment segment) {
        var draft = segment.draft();
        var needs = ContactStates.together(Stream.of(segment.query(), draft == null ? null : draft.query())
                .flatMap(Stream::ofNullable)
                .flatMap(query -> words.parseIfUnderstood(query).stream())
                .map(Needs::of)
                .toList());
        var types = new TreeSet<>(needs.types());
        if (needs.anyType()) {
            types.add(ANY);
        }
        var segments = handle.attach(SegmentDao.class);
        return new BuildsOn(
                needs.segments().stream()
                        .sorted()
                        .flatMap(key -> segments.find(key).stream())
                        .map(one ->
                                new Upstream(one.key(), one.name(), one.state().word()))
                        .toList(),
                types,
                new TreeSet<>(needs.attributes()));
    }
}
