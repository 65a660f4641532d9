package sojourn.app.security;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** Lets a request through to one endpoint when its key is valid, not over its limit and has one of the endpoint's roles. */
@Priority(Priorities.AUTHENTICATION)
final class KeyFilter implements ContainerRequestFilter {

    private static final String SCHEME = "bearer ";
    private static final String BASIC = "basic ";

    private final ApiKeys keys;
    private final RequestLimits limits;
    private final List<String> roles;
    private final boolean asUserName;

    /** @param asUserName whether a key may come as the user name of HTTP Basic */
    KeyFilter(ApiKeys keys, RequestLimits limits, List<String> roles, boolean asUserName) {
        this.keys = keys;
        this.limits = limits;
        this.roles = roles;
        this.asUserName = asUserName;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var caller = authenticate(request);
        limits.count(request, caller.keyId());
        if (!roles.contains(caller.role())) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "The key's role is " + caller.role() + "; this takes one of " + String.join(", ", roles));
        }
        request.setSecurityContext(new KeySecurity(
                caller,
                request.getSecurityContext() != null
                        && request.getSecurityContext().isSecure()));
    }

    private Caller authenticate(ContainerRequestContext request) {
        return keys.authenticate(key(request.getHeaderString(HttpHeaders.AUTHORIZATION)))
                .orElseThrow(() ->
                        new Problem(ProblemType.UNAUTHENTICATED, "The API key is unknown, has expired or was revoked"));
    }

    private String key(@Nullable String header) {
        if (header == null) {
            throw new Problem(ProblemType.UNAUTHENTICATED, "Send `Authorization: Bearer <API key>`");
        }
        var lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith(SCHEME)) {
            return header.substring(SCHEME.length()).strip();
        }
        if (asUserName && lower.startsWith(BASIC)) {
            return userName(header.substring(BASIC.length()).strip());
        }
        throw new Problem(
                ProblemType.UNAUTHENTICATED,
                asUserName
                        ? "Only `Authorization: Bearer <API key>` and Basic with the API key as user name are understood"
                        : "Only `Authorization: Bearer <API key>` is understood");
    }

    private static String userName(String credentials) {
        try {
            var text = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            var colon = text.indexOf(':');
            return colon < 0 ? text : text.substring(0, colon);
        } catch (IllegalArgumentException notBase64) {
            throw new Problem(ProblemType.UNAUTHENTICATED, "Basic credentials are the API key and a colon, in base64");
        }
    }

    private record KeySecurity(Caller caller, boolean isSecure) implements SecurityContext {

        @Override
        public Principal getUserPrincipal() {
            return caller;
        }

        @Override
        public boolean isUserInRole(String role) {
            return caller.is(role);
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }
}
