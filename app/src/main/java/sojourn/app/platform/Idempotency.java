package sojourn.app.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import jakarta.annotation.Priority;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * {@code Idempotency-Key} on every POST but NDJSON streams: the first answer is stored before it is given, and given
 * again to whoever sends the same once more. What failed on our side is not stored, so that it can be tried again; nor
 * are secrets.
 */
public final class Idempotency implements DynamicFeature {

    private static final String HEADER = "Idempotency-Key";
    private static final String PROPERTY = "sojourn.idempotency";
    private static final Duration KEPT = Duration.ofHours(24);
    private static final List<String> KEPT_HEADERS = List.of("Location", "ETag", "Content-Type", "Retry-After");

    /** Whether an answer about a contact may be stored, asked in the transaction that stores it. */
    @FunctionalInterface
    public interface Guard {
        boolean mayStore(Handle handle, UUID contact);
    }

    private final Jdbi jdbi;
    private final IdempotencyDao requests;
    private final ObjectMapper json;
    private final InstantSource clock;
    private volatile Guard guard = (_, _) -> true;

    public Idempotency(Jdbi jdbi, ObjectMapper json, InstantSource clock) {
        this.jdbi = jdbi;
        this.requests = jdbi.onDemand(IdempotencyDao.class);
        this.json = json;
        this.clock = clock;
    }

    public void register(Environment environment) {
        environment.jersey().register(this);
        environment.lifecycle().manage(new Loop("idempotency-cleanup", Duration.ofMinutes(10), () -> {
            requests.dropBefore(clock.instant().minus(KEPT));
            return false;
        }));
    }

    /** Keeps answers about contacts from being stored after the contact was erased. */
    public void guardedBy(Guard keeper) {
        guard = keeper;
    }

    /** Forgets the answers that tell about a contact, or about nobody knows whom. */
    public void erase(Handle handle, UUID contact) {
        handle.attach(IdempotencyDao.class).erase(contact);
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        if (resource.getResourceMethod().isAnnotationPresent(POST.class)) {
            context.register(new Filter());
        }
    }

    /** A request that is being answered for the first time. */
    private record First(String caller, String key, DigestInputStream body) {}

    @Priority(Priorities.USER)
    private final class Filter implements ContainerRequestFilter, ContainerResponseFilter {

        @Override
        public void filter(ContainerRequestContext request) throws IOException {
            var key = request.getHeaderString(HEADER);
            var principal = request.getSecurityContext().getUserPrincipal();
            if (key == null || principal == null || isStream(request)) {
                return;
            }
            if (key.isBlank() || key.length() > 255 || TextOnly.fault(key) != null) {
                throw Problem.invalid("/" + HEADER, "wrong-size", HEADER + " must have 1 to 255 characters");
            }
            var caller = principal.toString();
            var now = clock.instant();
            var body = digesting(request);
            if (requests.begin(caller, key, now, now.minus(KEPT)) == 1) {
                request.setEntityStream(new Renewing(body, caller, key));
                request.setProperty(PROPERTY, new First(caller, key, body));
            } else {
                request.abortWith(repeat(caller, key, body));
            }
        }

        @Override
        public void filter(ContainerRequestContext request, ContainerResponseContext response) throws IOException {
            if (!(request.getProperty(PROPERTY) instanceof First first)) {
                return;
            }
            request.removeProperty(PROPERTY);
            if (response.getStatus() >= 500) {
                forget(first);
                return;
            }
            drain(first.body());
            var personal = response.getEntity() instanceof PersonalAnswer answer && answer.personal() ? answer : null;
            var stored = bytes(
                    response.getEntity() instanceof SecretAnswer secret
                            ? secret.withoutSecret()
                            : response.getEntity());
            if (stored != null) {
                response.setEntity(bytes(response.getEntity()), null, response.getMediaType());
            }
            var headers = new LinkedHashMap<String, String>();
            KEPT_HEADERS.forEach(name -> {
                var value = response.getHeaderString(name);
                if (value != null) {
                    headers.put(name, value);
                }
            });
            var kept = json.writeValueAsString(headers);
            var hash = first.body().getMessageDigest().digest();
            Transactions.use(jdbi, handle -> {
                var dao = handle.attach(IdempotencyDao.class);
                var contact = personal == null ? null : personal.contactId();
                if (contact == null || guard.mayStore(handle, contact)) {
                    var status = response.getStatus();
                    dao.finish(first.caller(), first.key(), hash, status, kept, stored, personal != null, contact);
                } else {
                    dao.forget(first.caller(), first.key());
                }
            });
        }
    }

    /** So that it can be tried again at once; when the database is what failed, after a minute. */
    private void forget(First failed) {
        try {
            requests.forget(failed.caller(), failed.key());
        } catch (JdbiException away) {
            // The answer that says what is wrong goes out all the same.
        }
    }

    private Response repeat(String caller, String key, DigestInputStream body) throws IOException {
        var stored = requests.answer(caller, key)
                .orElseThrow(() -> new Problem(ProblemType.STILL_RUNNING, "Ask again when it has been answered"));
        drain(body);
        if (!MessageDigest.isEqual(body.getMessageDigest().digest(), stored.hash())) {
            throw new Problem(
                    ProblemType.IDEMPOTENCY_KEY_REUSED, "Take a new key for each request that is not a repetition");
        }
        var response = Response.status(stored.status()).entity(stored.body());
        stored.headers().forEach(response::header);
        return response.header("Idempotent-Replayed", "true").build();
    }

    /** The body, and with it path and query, as they are read. */
    private static DigestInputStream digesting(ContainerRequestContext request) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var uri = request.getUriInfo().getRequestUri();
            digest.update((uri.getRawPath() + "?" + uri.getRawQuery() + "\n").getBytes(StandardCharsets.UTF_8));
            return new DigestInputStream(request.getEntityStream(), digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void drain(InputStream body) throws IOException {
        try {
            var buffer = new byte[8192];
            while (body.read(buffer) >= 0) {
                // only the digest wants it
            }
        } catch (IllegalStateException closed) {
            // read to its end, which is all that was wanted
        }
    }

    private byte @Nullable [] bytes(@Nullable Object entity) throws JsonProcessingException {
        return switch (entity) {
            case null -> null;
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case Object record -> json.writeValueAsBytes(record);
        };
    }

    private static boolean isStream(ContainerRequestContext request) {
        var type = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
        return type != null && type.contains("ndjson");
    }

    /** Keeps the lease while a long body comes in. */
    private final class Renewing extends InputStream {

        private static final long EVERY = 20_000_000_000L;

        private final InputStream in;
        private final String caller;
        private final String key;
        private long renewed = System.nanoTime();

        private Renewing(InputStream in, String caller, String key) {
            this.in = in;
            this.caller = caller;
            this.key = key;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (System.nanoTime() - renewed > EVERY) {
                requests.renew(caller, key);
                renewed = System.nanoTime();
            }
            return in.read(bytes, offset, length);
        }
    }
}
