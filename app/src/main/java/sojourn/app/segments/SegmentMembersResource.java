package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Fold;
import sojourn.app.platform.Answers;
import sojourn.app.platform.CsvOutput;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;
import sojourn.app.segments.MembersExport.Wish;
import sojourn.app.segments.SegmentMembers.Filter;
import sojourn.app.segments.SegmentMembers.Member;

/** Who is in a segment, and was at any time; those of static ones are changed here. */
@Path("/v1/segments/{segment}/members")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SegmentMembersResource {

    private static final Logger log = LoggerFactory.getLogger(SegmentMembersResource.class);
    private static final String NDJSON = "application/x-ndjson";

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Contacts contacts;
    private final StaticMembers staticMembers;
    private final Questions questions;
    private final MembersExport export;
    private final InstantSource clock;

    SegmentMembersResource(
            Jdbi jdbi,
            Vocabulary vocabulary,
            ContactStates states,
            Contacts contacts,
            StaticMembers staticMembers,
            Questions questions,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.contacts = contacts;
        this.staticMembers = staticMembers;
        this.questions = questions;
        this.export = new MembersExport(jdbi, states);
        this.clock = clock;
    }

    record MemberChanges(
            @Nullable List<@NotNull String> add, @Nullable List<@NotNull String> remove) {}

    /** Which members are asked for, as sent. */
    public static final class Search {

        @QueryParam("contact")
        @Nullable
        String contact;

        @Parameter(description = "How the external id, a name or the email begins")
        @QueryParam("q")
        @Nullable
        String q;

        @Parameter(description = "Members at a past moment: an instant, or a date")
        @QueryParam("asOf")
        @Nullable
        String asOf;

        @Parameter(description = "Who joined then or later")
        @QueryParam("joinedFrom")
        @Nullable
        String joinedFrom;

        @Parameter(description = "Who joined before")
        @QueryParam("joinedTo")
        @Nullable
        String joinedTo;
    }

    @Operation(summary = "Lists members of a segment, now or at a past moment")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Member> members(
            @PathParam("segment") String reference,
            @BeanParam Search search,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Auth Caller caller) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        return questions.read(handle -> {
            var segment = SegmentReadings.find(handle, reference);
            return SegmentMembers.page(handle, segment.id(), filter(handle, segment, search, caller), after, size);
        });
    }

    @Operation(summary = "Streams the members of a segment as CSV or NDJSON")
    @Answers(String.class)
    @GET
    @Path("/export")
    @Produces(CsvOutput.MEDIA_TYPE)
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response exportCsv(
            @PathParam("segment") String reference,
            @BeanParam Search search,
            @Parameter(description = "To be shown beside the names, separated by commas")
                    @QueryParam("attributes")
                    @Nullable
                    String attributes,
            @Auth Caller caller) {
        var wish = wish(reference, search, attributes, caller);
        return answer(
                out -> export.csv(wish, out),
                CsvOutput.MEDIA_TYPE + ";charset=UTF-8",
                wish.segment().key() + ".csv");
    }

    @Operation(summary = "Streams the members of a segment as CSV or NDJSON")
    @Answers(String.class)
    @GET
    @Path("/export")
    @Produces(NDJSON)
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response exportNdjson(
            @PathParam("segment") String reference,
            @BeanParam Search search,
            @Parameter(description = "To be shown beside the names, separated by commas")
                    @QueryParam("attributes")
                    @Nullable
                    String attributes,
            @Auth Caller caller) {
        var wish = wish(reference, search, attributes, caller);
        return answer(out -> export.ndjson(wish, out), NDJSON, wish.segment().key() + ".ndjson");
    }

    @Operation(summary = "Adds and removes members of a static segment, at most 10,000 in all")
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public StaticMembers.Result changeMembers(
            @PathParam("segment") String reference, @NotNull @Valid MemberChanges members, @Auth Caller caller) {
        var key = jdbi.withHandle(handle -> SegmentReadings.find(handle, reference))
                .key();
        return staticMembers.change(
                key,
                members.add() == null ? List.of() : members.add(),
                members.remove() == null ? List.of() : members.remove(),
                Deed.of(caller, null));
    }

    /** An export that can be written: everything that could be wrong with it has been looked at. */
    private Wish wish(String reference, Search search, @Nullable String attributes, Caller caller) {
        var wish = jdbi.withHandle(handle -> {
            var segment = SegmentReadings.find(handle, reference);
            var filter = filter(handle, segment, search, caller);
            var chosen = ChosenAttributes.check(attributes, vocabulary.read(handle), caller);
            return new Wish(segment, filter, chosen, filter.asOf() != null);
        });
        var settled = SettledMoment.of(jdbi, clock, wish.segment().id());
        return new Wish(wish.segment(), wish.filter().asOf(settled), wish.attributes(), wish.past());
    }

    private static Response answer(StreamingOutput output, String type, String file) {
        return Response.ok(untilReaderLeaves(output), type)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file + "\"")
                .build();
    }

    /** That a reader goes away is no fault of ours; what fails here breaks the connection, so that nobody takes it for all. */
    private static StreamingOutput untilReaderLeaves(StreamingOutput output) {
        return out -> {
            try {
                output.write(out);
            } catch (IOException | UncheckedIOException gone) {
                log.info("the reader of an export went away");
            }
        };
    }

    private Filter filter(Handle handle, Segment segment, Search search, Caller caller) {
        var problems = new ArrayList<ProblemError>();
        var asOf = Moment.read("/asOf", search.asOf, segment.timeZone(), problems);
        var from = Moment.read("/joinedFrom", search.joinedFrom, segment.timeZone(), problems);
        var to = Moment.read("/joinedTo", search.joinedTo, segment.timeZone(), problems);
        Moment.refuseBackward("/joinedTo", from, to, problems);
        if (asOf != null && asOf.isAfter(clock.instant())) {
            problems.add(ProblemError.at("/asOf", "in-the-future", "nobody knows yet; a moment in the past would fit"));
        }
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        var q = search.q == null || search.q.isBlank() ? null : Fold.text(search.q.strip());
        return new Filter(only(handle, search.contact), q, caller.mayReadContactPoints(), asOf, from, to);
    }

    private @Nullable Long only(Handle handle, @Nullable String contact) {
        return contact == null
                ? null
                : (Long) contacts.resolve(handle, contact).orElseThrow(() -> Contacts.unknown(contact));
    }
}
