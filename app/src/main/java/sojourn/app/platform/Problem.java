package sojourn.app.platform;

import java.util.List;

/** Thrown to end a request with a problem: a kind the client can act on, a detail a person can read. */
public final class Problem extends RuntimeException {

    private final ProblemType type;
    private final transient List<ProblemError> errors;

    public Problem(ProblemType type, String detail) {
        this(type, detail, List.of());
    }

    public Problem(ProblemType type, String detail, List<ProblemError> errors) {
        super(detail);
        this.type = type;
        this.errors = List.copyOf(errors);
    }

    /** 422 with everything that is wrong at once. */
    public static Problem invalid(List<ProblemError> errors) {
        var detail = errors.size() == 1
                ? errors.getFirst().detail()
                : errors.size() + " things are wrong; `errors` lists them all";
        return new Problem(ProblemType.INVALID, detail, errors);
    }

    public static Problem invalid(String pointer, String code, String detail) {
        return invalid(List.of(ProblemError.at(pointer, code, detail)));
    }

    public static Problem notFound(String what, Object key) {
        return new Problem(ProblemType.NOT_FOUND, "There is no " + what + " " + key);
    }

    public ProblemType type() {
        return type;
    }

    public List<ProblemError> errors() {
        return errors;
    }
}
