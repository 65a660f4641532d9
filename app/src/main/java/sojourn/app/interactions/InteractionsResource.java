package sojourn.app.interactions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.CsvTable;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Streamed;
import sojourn.app.security.Role;

/** Takes interactions: one, up to a thousand, or a stream of any length. */
@Path("/v1/interactions")
@Produces(MediaType.APPLICATION_JSON)
public final class InteractionsResource {

    private static final int LARGEST_ARRAY = 1000;

    private final Jdbi jdbi;
    private final Ingestion ingestion;

    InteractionsResource(Jdbi jdbi, Ingestion ingestion) {
        this.jdbi = jdbi;
        this.ingestion = ingestion;
    }

    /**
     * What became of what was sent: what is not rejected is durable.
     *
     * @param rejectedTotal of a stream, of which no more than 1,000 rejections are listed
     */
    public record Answer(
            long accepted,
            long duplicates,
            List<Rejection> rejected,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long rejectedTotal)
            implements PersonalAnswer {

        /** Whoever chose the ids of what was rejected may have put anybody into them. */
        @Override
        public @Nullable UUID contactId() {
            return null;
        }

        @Override
        public boolean personal() {
            return !rejected.isEmpty();
        }
    }

    @Operation(summary = "Takes interactions: one, up to 1,000 in an array, or any number as NDJSON or CSV")
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Answer send(InputStream body) {
        try (var json = InteractionReader.JSON.createParser(body)) {
            if (json.nextToken() == JsonToken.START_ARRAY) {
                var batch = new ArrayList<Sent>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    if (batch.size() == LARGEST_ARRAY) {
                        throw new Problem(
                                ProblemType.TOO_LARGE,
                                "An array may have at most " + LARGEST_ARRAY
                                        + " interactions; send more as application/x-ndjson");
                    }
                    batch.add(InteractionReader.read(json, batch.size(), null));
                }
                requireEnd(json.nextToken());
                return answer(ingestion.store(batch));
            }
            if (json.currentToken() == null) {
                throw new Problem(
                        ProblemType.MALFORMED_REQUEST, "A body is needed: an interaction, or an array of them");
            }
            var one = InteractionReader.read(json, 0, null);
            requireEnd(json.nextToken());
            return answerToOne(ingestion.store(List.of(one)));
        } catch (JsonProcessingException malformed) {
            throw new Problem(ProblemType.MALFORMED_REQUEST, JsonFault.describe(malformed));
        } catch (IOException cutOff) {
            throw new Problem(ProblemType.MALFORMED_REQUEST, "The body could not be read to its end");
        }
    }

    @Operation(summary = "Takes interactions: one, up to 1,000 in an array, or any number as NDJSON or CSV")
    @POST
    @Consumes({"application/x-ndjson", "application/ndjson", "application/jsonl", "text/csv"})
    @Streamed
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Answer stream(@HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type, InputStream body) throws IOException {
        var rows = type.getSubtype().equals("csv")
                ? new SentTable(body, CsvTable.charset(type), jdbi.withHandle(InteractionTypes::all))
                : new SentLines(body);
        return new InteractionStream(ingestion).store(rows);
    }

    private static Answer answer(Ingestion.Outcome outcome) {
        return new Answer(outcome.accepted(), outcome.duplicates(), outcome.rejected(), null);
    }

    private static Answer answerToOne(Ingestion.Outcome outcome) {
        if (!outcome.rejected().isEmpty()) {
            throw Problem.invalid(outcome.rejected().getFirst().errors());
        }
        return answer(outcome);
    }

    private static void requireEnd(@Nullable JsonToken token) {
        if (token != null) {
            throw new Problem(ProblemType.MALFORMED_REQUEST, "There is more after the end of the JSON");
        }
    }
}
