package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a lead that comes without a contact. */
public enum LeadMatching {
    /** It stays without. */
    @JsonProperty("off")
    OFF,
    /** It gets the contact of its email address, when there is one. */
    @JsonProperty("match")
    MATCH,
    /** The same, or else a new contact. */
    @JsonProperty("match-or-create")
    MATCH_OR_CREATE
}
