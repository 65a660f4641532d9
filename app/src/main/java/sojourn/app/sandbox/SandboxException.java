package sojourn.app.sandbox;

/** Says to the person at the terminal why the sandbox cannot run, and what to do. */
public final class SandboxException extends RuntimeException {

    public SandboxException(String message) {
        super(message);
    }

    public SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
