package sojourn.app.security;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** Lets a request through to one endpoint when its key is valid, not over its limit and has one of the endpoint's roles. */
@Priority(Priorities.AUTHENTICATION)
final class KeyFilter implements ContainerRequestFilter {

    private static final String SCHEME = "bearer ";

    private final ApiKeys keys;
    private final RequestLimits limits;
    private final List<String> roles;

    KeyFilter(ApiKeys keys, RequestLimits limits, List<String> roles) {
        this.keys = keys;
        this.limits = limits;
        this.roles = roles;
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
        var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            throw new Problem(ProblemType.UNAUTHENTICATED, "Send `Authorization: Bearer <API key>`");
        }
        if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new Problem(ProblemType.UNAUTHENTICATED, "Only `Authorization: Bearer <API key>` is understood");
        }
        return keys.authenticate(header.substring(SCHEME.length()).strip())
                .orElseThrow(() ->
                        new Problem(ProblemType.UNAUTHENTICATED, "The API key is unknown, has expired or was revoked"));
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
