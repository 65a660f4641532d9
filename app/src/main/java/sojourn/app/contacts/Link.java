package sojourn.app.contacts;

/** Two records that belong together: ids of contacts where the relationship's type is contact, else of profiles. */
record Link(short relationship, long from, long to) {}
