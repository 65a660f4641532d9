package sojourn.app.segments;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Role;

/** How a segment grew. */
@Path("/v1/segments/{segment}/insights")
@Produces(MediaType.APPLICATION_JSON)
public final class SegmentInsightsResource {

    private static final int MOST_POINTS = 2_000;

    private final Questions questions;
    private final InstantSource clock;

    SegmentInsightsResource(Questions questions, InstantSource clock) {
        this.questions = questions;
        this.clock = clock;
    }

    /** The periods that {@code from} and {@code to} touch, none that has not begun: {@code to} is now when left out. */
    @Operation(summary = "Counts a segment's size, and who joined and left, by hour, day or week")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Growth growth(
            @PathParam("segment") String reference,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @Parameter(description = "`hour`, `day` (the default) or `week`, in the segment's zone")
                    @QueryParam("per")
                    @DefaultValue("day")
                    String per) {
        return questions.read(handle -> {
            var segment = SegmentReadings.find(handle, reference);
            var zone = segment.timeZone();
            var problems = new ArrayList<ProblemError>();
            var period = period(per, problems);
            var begin = Moment.read("/from", from, zone, problems);
            var end = Moment.read("/to", to, zone, problems);
            var now = clock.instant();
            var last = end == null ? now : end;
            var first = begin == null ? usual(period, last, zone) : begin;
            Moment.refuseBackward("/to", first, last, problems);
            var bounds =
                    problems.isEmpty() ? bounds(period, first, earlier(last, now), zone, problems) : List.<Instant>of();
            if (!problems.isEmpty()) {
                throw Problem.invalid(problems);
            }
            return Growth.read(handle, segment, period, bounds);
        });
    }

    private static Period period(String per, List<ProblemError> problems) {
        return Period.of(per).orElseGet(() -> {
            problems.add(ProblemError.at(
                    "/per", "unknown-period", "per is '" + per + "'; 'hour', 'day' or 'week' would fit"));
            return Period.DAY;
        });
    }

    /** From when on people want to see, who do not say it. */
    private static Instant usual(Period period, Instant to, ZoneId zone) {
        ZonedDateTime local = to.atZone(zone);
        return switch (period) {
            case HOUR -> local.minusDays(2).toInstant();
            case DAY -> local.minusDays(30).toInstant();
            case WEEK -> local.minusWeeks(26).toInstant();
        };
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static List<Instant> bounds(
            Period period, Instant from, Instant to, ZoneId zone, List<ProblemError> problems) {
        var bounds = new ArrayList<Instant>();
        bounds.add(period.begin(from, zone));
        while (bounds.getLast().isBefore(to)) {
            if (bounds.size() > MOST_POINTS) {
                problems.add(ProblemError.at(
                        "/per",
                        "too-many-points",
                        "this would be more than " + MOST_POINTS
                                + " points; a shorter time would fit, or longer periods"));
                break;
            }
            bounds.add(period.next(bounds.getLast(), zone));
        }
        return bounds;
    }
}
