package sojourn.app.contacts;

import jakarta.validation.constraints.NotNull;

/** How contacts and the records around them are kept. */
public record ContactSettings(@NotNull LeadMatching leads) {}
