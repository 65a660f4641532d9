package sojourn.app.journeys;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.journeys.DocumentProblem.Severity;
import sojourn.app.platform.ProblemError;

/** Collects what a check finds. */
final class Findings {

    private final List<DocumentProblem> problems = new ArrayList<>();

    void error(String pointer, String code, String detail) {
        error(null, pointer, code, detail);
    }

    void error(@Nullable String tile, String pointer, String code, String detail) {
        problems.add(new DocumentProblem(Severity.error, tile, pointer, code, detail, null, null));
    }

    void warning(@Nullable String tile, String pointer, String code, String detail) {
        problems.add(new DocumentProblem(Severity.warning, tile, pointer, code, detail, null, null));
    }

    void inText(@Nullable String tile, String pointer, ConditionCheck.Flaw flaw) {
        problems.add(new DocumentProblem(
                Severity.error, tile, pointer, flaw.code(), flaw.detail(), flaw.line(), flaw.column()));
    }

    void inText(@Nullable String tile, String pointer, ProblemError problem) {
        problems.add(new DocumentProblem(
                Severity.error, tile, pointer, problem.code(), problem.detail(), problem.line(), problem.column()));
    }

    List<DocumentProblem> all() {
        return List.copyOf(problems);
    }
}
