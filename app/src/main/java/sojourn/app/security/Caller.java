package sojourn.app.security;

import java.security.Principal;
import java.util.UUID;

/** Whose key a request came with. */
public record Caller(UUID keyId, String name, String role) implements Principal {

    @Override
    public String getName() {
        return name;
    }

    public boolean is(String role) {
        return this.role.equals(role);
    }

    /** Whether email addresses, phone numbers and the like may be in the answer. */
    public boolean mayReadContactPoints() {
        return !is(Role.VIEWER);
    }
}
