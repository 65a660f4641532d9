package sojourn.app.contacts;

import org.jspecify.annotations.Nullable;

/**
 * How records of two profile types belong together; either may be {@code contact}. Its pairs lie in the table {@code
 * link}, whatever its kind.
 *
 * @param from the key of the type whose records name the other's, or of either side when it is many-to-many
 * @param attribute the lookup attribute of {@code from} that holds the pairs; null for many-to-many
 */
public record Relationship(
        short id, String key, String from, @Nullable String attribute, String to) {}
