package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;

/** What can be asked of a query, that of a segment or one that is not saved, without changing anything. */
@Path("/v1/segments")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SegmentQuestionsResource {

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final ZoneId organizationZone;
    private final Questions questions;
    private final Estimates estimates;
    private final Previews previews;
    private final Flows flows;
    private final Explanations explanations;

    SegmentQuestionsResource(
            Jdbi jdbi,
            Vocabulary vocabulary,
            ZoneId organizationZone,
            Questions questions,
            Previews previews,
            Explanations explanations) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.organizationZone = organizationZone;
        this.questions = questions;
        this.estimates = new Estimates(questions);
        this.previews = previews;
        this.flows = new Flows(questions);
        this.explanations = explanations;
    }

    /** What to show of contacts: nothing but their names when it is left out. */
    record Wish(@Nullable List<String> attributes, @Nullable Integer limit) {}

    private record CheckedWish(ChosenAttributes attributes, int limit) {}

    @Operation(summary = "Counts or estimates how many contacts a segment's query finds")
    @POST
    @Path("/{segment}/estimate")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Estimates.Estimate estimate(@PathParam("segment") String reference) {
        var segment = find(reference);
        var estimate = estimates.of(Asked.ofNext(segment));
        return segment.draft() == null ? estimate : estimate.ofEdit();
    }

    @Operation(summary = "Counts or estimates how many contacts a query finds")
    @POST
    @Path("/estimate")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Estimates.Estimate estimate(@NotNull SentQuery query, @Auth Caller caller) {
        return estimates.of(check(query, caller).asked());
    }

    @Operation(summary = "Shows the first contacts that a segment's query finds")
    @POST
    @Path("/{segment}/preview")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Previews.Preview preview(
            @PathParam("segment") String reference, @OptionalBody @Nullable Wish wish, @Auth Caller caller) {
        var segment = find(reference);
        var checked = check(wish, caller);
        return previews.of(Asked.ofNext(segment), checked.attributes(), checked.limit());
    }

    @Operation(summary = "Shows the first contacts that a query finds")
    @POST
    @Path("/preview")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Previews.Preview preview(@NotNull SentQuery query, @Auth Caller caller) {
        var checked = check(query, caller);
        return previews.of(checked.asked(), checked.attributes(), checked.limit());
    }

    /** Who would join and who would leave by the edit beside a live segment, or by a query that is not live. */
    @Operation(summary = "Shows who would join and leave a segment by its edit, or by a draft's query")
    @POST
    @Path("/{segment}/edit/preview")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Previews.Change previewEdit(
            @PathParam("segment") String reference, @OptionalBody @Nullable Wish wish, @Auth Caller caller) {
        var segment = find(reference);
        var checked = check(wish, caller);
        return previews.ofEdit(segment, checked.attributes(), checked.limit());
    }

    @Operation(summary = "Counts what each block of a segment's query adds and removes")
    @POST
    @Path("/{segment}/flow")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Flows.Flow flow(@PathParam("segment") String reference) {
        var segment = find(reference);
        var flow = flows.of(Asked.ofNext(segment));
        return segment.draft() == null ? flow : flow.ofEdit();
    }

    @Operation(summary = "Counts what each block of a query adds and removes")
    @POST
    @Path("/flow")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Flows.Flow flow(@NotNull SentQuery query, @Auth Caller caller) {
        return flows.of(check(query, caller).asked());
    }

    /** By the query that membership follows; with {@code edit=true}, by that of the edit beside it. */
    @Operation(summary = "Explains why a contact is in a segment or is not")
    @GET
    @Path("/{segment}/explain")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Explanations.Answer explain(
            @PathParam("segment") String reference,
            @QueryParam("contact") @Nullable String contact,
            @Parameter(description = "`true` asks by the edit beside the segment")
                    @QueryParam("edit")
                    @DefaultValue("false")
                    boolean edit,
            @Auth Caller caller) {
        return explanations.explain(asked(reference, edit), named(contact), caller);
    }

    @Operation(summary = "Explains why a query finds a contact or does not")
    @POST
    @Path("/explain")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Explanations.Answer explain(@NotNull SentQuery query, @Auth Caller caller) {
        return explanations.explain(check(query, caller).asked(), named(query.contact()), caller);
    }

    @Operation(summary = "Shows the SQL of a segment's query, its bound values and its plan")
    @GET
    @Path("/{segment}/sql")
    @RolesAllowed({Role.OPERATOR, Role.ADMIN})
    public RunningSql sql(
            @PathParam("segment") String reference,
            @Parameter(description = "`true` asks by the edit beside the segment")
                    @QueryParam("edit")
                    @DefaultValue("false")
                    boolean edit) {
        return questions.ask(asked(reference, edit), RunningSql::of);
    }

    private Asked asked(String reference, boolean edit) {
        var segment = find(reference);
        return edit ? Asked.ofNext(segment) : Asked.of(segment);
    }

    private Segment find(String reference) {
        return jdbi.withHandle(handle -> SegmentReadings.find(handle, reference));
    }

    private SentQuery.Checked check(SentQuery query, Caller caller) {
        return query.check(vocabulary.read(), organizationZone, caller);
    }

    private CheckedWish check(@Nullable Wish wish, Caller caller) {
        var sent = wish == null ? new Wish(null, null) : wish;
        var problems = new ArrayList<ProblemError>();
        var attributes = ChosenAttributes.check(sent.attributes(), vocabulary.read(), caller, problems);
        var limit = SentQuery.limit(sent.limit(), problems);
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        return new CheckedWish(attributes, limit);
    }

    private static String named(@Nullable String contact) {
        if (contact == null || contact.isEmpty()) {
            throw Problem.invalid("/contact", "missing", "Say for whom: a contact's UUID, or external: and its id");
        }
        return contact;
    }
}
