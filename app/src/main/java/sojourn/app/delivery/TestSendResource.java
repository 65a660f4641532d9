package sojourn.app.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.delivery.Sender.UnavailableException;
import sojourn.app.messages.Addresses;
import sojourn.app.messages.Messages;
import sojourn.app.messages.Previews;
import sojourn.app.messages.RenderedMessage;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/**
 * Sends somebody what a contact would get, to look at in a mail program. It is no delivery: nothing is counted or
 * tracked, links lead straight on, and the contact hears and is told nothing.
 */
@Path("/v1/messages/{message}/test-send")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class TestSendResource {

    private static final String MARK = "[Test] ";

    private final Jdbi jdbi;
    private final Previews previews;
    private final DoNotContact doNotContact;
    private final Sender<Email> server;
    private final Pace pace;
    private final InstantSource clock;

    TestSendResource(
            Jdbi jdbi,
            Previews previews,
            DoNotContact doNotContact,
            Sender<Email> server,
            Pace pace,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.previews = previews;
        this.doNotContact = doNotContact;
        this.server = server;
        this.pace = pace;
        this.clock = clock;
    }

    /**
     * @param contact a UUID or {@code external:...}, whose values fill the templates
     * @param to plain addresses
     */
    record TestSend(
            @NotBlank String contact,
            @NotNull @Size(min = 1, max = 10) List<@NotBlank String> to) {}

    /**
     * What the mail server did with one email.
     *
     * @param outcome {@code sent}, {@code bounced}, {@code refused}, {@code unconfirmed} (it may have it), or {@code
     *     unavailable} (it does not have it)
     */
    record Result(
            String to,
            String outcome,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String detail) {}

    /** Whose values were sent, and to whom. */
    record Results(List<Result> results, @JsonIgnore UUID contactId) implements PersonalAnswer {}

    @Operation(summary = "Sends an email as a contact would get it to up to 10 other addresses")
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Results send(@PathParam("message") String message, @Valid @NotNull TestSend wanted, @Auth Caller caller)
            throws InterruptedException {
        var preview = previews.of(message, wanted.contact(), Map.of());
        if (!(preview.message() instanceof RenderedMessage rendered)) {
            throw new Problem(ProblemType.INVALID, "Only emails are sent on trial; look at others by their preview");
        }
        var recipients = recipients(wanted.to());
        var emails = new ArrayList<Email>();
        for (var recipient : recipients) {
            emails.add(email(rendered, recipient, preview.contactId()));
        }
        note(preview, emails.size(), Deed.of(caller, null));
        var results = new ArrayList<Result>();
        for (var email : emails) {
            results.add(send(email));
        }
        return new Results(results, preview.contactId());
    }

    /** Before anything is sent: an entry too many tells more than one too few. To whom is not in it. */
    private void note(Previews.Preview preview, int emails, Deed deed) {
        var done = new AuditLog.Done(
                "test-sent", Messages.KIND, preview.key(), preview.contactId(), Map.of("emails", emails));
        Transactions.use(jdbi, handle -> AuditLog.note(handle, clock.instant(), deed, done));
    }

    private List<InternetAddress> recipients(List<String> addresses) {
        var errors = new ArrayList<ProblemError>();
        var recipients = new ArrayList<InternetAddress>();
        for (var index = 0; index < addresses.size(); index++) {
            var address = EmailWriter.recipient(addresses.get(index));
            if (address == null) {
                errors.add(ProblemError.at(
                        "/to/" + index, "invalid-email", "this is not an email address; ada@example.com would fit"));
            } else if (jdbi.withHandle(handle -> doNotContact.has(handle, address.getAddress()))) {
                errors.add(ProblemError.at(
                        "/to/" + index, "do-not-contact", "whoever had this address was erased and is not written to"));
            } else if (!recipients.contains(address)) {
                recipients.add(address);
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return recipients;
    }

    private Email email(RenderedMessage rendered, InternetAddress to, UUID contact) {
        if (rendered.subject().isBlank() || rendered.text().isBlank()) {
            throw new Problem(
                    ProblemType.INVALID, "For this contact subject or body is empty, and nothing would be sent");
        }
        try {
            var replyTo = rendered.replyTo() == null || rendered.replyTo().isBlank()
                    ? null
                    : Addresses.one(rendered.replyTo());
            return new Email(
                    newId(),
                    Addresses.one(rendered.from()),
                    replyTo,
                    to,
                    MARK + rendered.subject(),
                    rendered.html(),
                    rendered.text(),
                    Map.of(Deliveries.TEST_OF, contact.toString()),
                    clock.instant());
        } catch (AddressException invalid) {
            throw new Problem(
                    ProblemType.INVALID,
                    "For this contact sender or reply-to is no address, and nothing would be sent");
        }
    }

    private UUID newId() {
        return jdbi.withHandle(
                handle -> handle.select("select uuidv7()").mapTo(UUID.class).one());
    }

    private Result send(Email email) throws InterruptedException {
        var to = email.to().getAddress();
        pace.await();
        try (var connection = server.connect()) {
            return switch (connection.handOver(email)) {
                case HandOver.Accepted() -> new Result(to, "sent", null);
                case HandOver.Bounced(var bounce) -> new Result(to, "bounced", bounce);
                case HandOver.Refused(var code) -> new Result(to, "refused", "answer " + code);
                case HandOver.NotNow(var why) -> new Result(to, "unavailable", why);
                case HandOver.Unknown() -> new Result(to, "unconfirmed", null);
            };
        } catch (UnavailableException unavailable) {
            return new Result(to, "unavailable", unavailable.getMessage());
        }
    }
}
