package sojourn.app.platform;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import org.jspecify.annotations.Nullable;

/** Refuses paths and query parameters with characters that PostgreSQL cannot keep; for JSON see {@link StrictJsonFactory}. */
@PreMatching
final class TextOnly implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        var uri = request.getUriInfo();
        check("/path", uri.getPath());
        uri.getQueryParameters().forEach((name, values) -> {
            check("/query", name);
            values.forEach(value -> check("/" + JsonPointers.escape(name), value));
        });
    }

    private static void check(String pointer, String text) {
        var fault = fault(text);
        if (fault != null) {
            throw Problem.invalid(pointer, "not-text", fault);
        }
    }

    /** Why a text cannot be kept; null when it can. */
    static @Nullable String fault(String text) {
        for (var index = 0; index < text.length(); index++) {
            var character = text.charAt(index);
            if (character == 0) {
                return "This has the character U+0000, which no text may have";
            }
            if (Character.isSurrogate(character)) {
                var paired = Character.isHighSurrogate(character)
                        && index + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(index + 1));
                if (!paired) {
                    return "This has half of a surrogate pair, which is no character";
                }
                index++;
            }
        }
        return null;
    }
}
