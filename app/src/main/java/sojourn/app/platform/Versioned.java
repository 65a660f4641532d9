package sojourn.app.platform;

/** A record that knows its {@code ETag}, which every answer that is one has. */
public interface Versioned {

    /** Made by {@link Versions}: another whenever the record is another. */
    String etag();
}
