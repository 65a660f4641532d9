/**
 * Who may call: API keys, their roles, and the rule that an endpoint which does not say who may call it answers nobody.
 *
 * <p>Start with {@link sojourn.app.security.Role}. Every endpoint carries {@code @RolesAllowed}, or {@code @PermitAll}
 * when it is open without a key; {@code EndpointAccessTest} holds a table of all of them.
 */
@NullMarked
package sojourn.app.security;

import org.jspecify.annotations.NullMarked;
