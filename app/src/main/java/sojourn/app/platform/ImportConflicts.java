package sojourn.app.platform;

/** What an import does with a part of which something else is there already under the same key. */
public enum ImportConflicts {
    /** It is a problem, and nothing is imported. */
    refuse,
    /** It is written over what is there, as a PUT would: where that is live, as an edit beside it. */
    replace,
    /** It comes in under another key, and whatever of the import names it names that one. */
    rename
}
