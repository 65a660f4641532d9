package sojourn.app.security;

import java.util.List;

/** What a key may be used for; constants, so that annotations can name them. */
public final class Role {

    /** Reads everything but contact points. */
    public static final String VIEWER = "viewer";

    /** Defines and runs segments, messages and journeys. */
    public static final String MARKETER = "marketer";

    /** Watches runs, and stops them. */
    public static final String OPERATOR = "operator";

    /** Sends contacts and interactions, and reads nothing but what they are checked against. */
    public static final String INTEGRATOR = "integrator";

    /** All of it, and the keys. */
    public static final String ADMIN = "admin";

    public static final List<String> ALL = List.of(VIEWER, MARKETER, OPERATOR, INTEGRATOR, ADMIN);

    private Role() {}
}
