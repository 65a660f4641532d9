package sojourn.app.platform;

/** An answer with a secret that is told once: {@link Idempotency} stores it, and repeats it, without. */
public interface SecretAnswer {

    /** The same, as far as it may be told again. */
    Object withoutSecret();
}
