package sojourn.app.insights;

import java.util.Locale;

/** What narrows a figure beside version and dates, which narrow all; named like the property that carries it. */
enum Narrowing {
    TILE,
    REASON,
    BRANCH,
    VARIANT,
    LINK,
    OUTCOME;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where rows of visits have it: a variant is the branch of a test. */
    String column() {
        return this == VARIANT ? BRANCH.word() : word();
    }
}
