package sojourn.app.platform;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a Java type is in the words of someone who writes JSON. */
final class JsonKinds {

    private JsonKinds() {}

    static String of(@Nullable Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(JsonKinds::name)
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return Map.<Class<?>, String>ofEntries(
                        Map.entry(String.class, "text"),
                        Map.entry(Boolean.class, "true or false"),
                        Map.entry(boolean.class, "true or false"),
                        Map.entry(Integer.class, "a whole number"),
                        Map.entry(int.class, "a whole number"),
                        Map.entry(Long.class, "a whole number"),
                        Map.entry(long.class, "a whole number"),
                        Map.entry(BigInteger.class, "a whole number"),
                        Map.entry(BigDecimal.class, "a number"),
                        Map.entry(Double.class, "a number"),
                        Map.entry(double.class, "a number"),
                        Map.entry(Instant.class, "an instant such as 2026-11-20T17:03:00Z"),
                        Map.entry(LocalDate.class, "a date such as 2026-11-20"),
                        Map.entry(LocalDateTime.class, "a date and time without a zone, such as 2026-11-20T17:03"),
                        Map.entry(LocalTime.class, "a time of day such as 09:00"),
                        Map.entry(Duration.class, "a duration such as PT15M or P5D"),
                        Map.entry(ZoneId.class, "a time zone such as Europe/Berlin"),
                        Map.entry(UUID.class, "a UUID"))
                .getOrDefault(
                        type, Collection.class.isAssignableFrom(type) || type.isArray() ? "an array" : "an object");
    }

    /** Enums are written by their JSON names, which is what their mapper calls them. */
    private static String name(Object constant) {
        return Json.mapper().valueToTree(constant).asText();
    }
}
