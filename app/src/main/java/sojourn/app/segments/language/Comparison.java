package sojourn.app.segments.language;

/** The six comparisons, as written in a query and in SQL. */
public enum Comparison {
    EQ("==", "="),
    NE("!=", "<>"),
    LT("<", "<"),
    LE("<=", "<="),
    GT(">", ">"),
    GE(">=", ">=");

    private final String text;
    private final String sql;

    Comparison(String text, String sql) {
        this.text = text;
        this.sql = sql;
    }

    public String text() {
        return text;
    }

    String sql() {
        return sql;
    }

    /** Equal and unequal mean something for every type; the rest need an order. */
    boolean orders() {
        return this != EQ && this != NE;
    }

    /** The comparison that says the same with its sides exchanged. */
    Comparison flipped() {
        return switch (this) {
            case EQ, NE -> this;
            case LT -> GT;
            case LE -> GE;
            case GT -> LT;
            case GE -> LE;
        };
    }

    /** What this comparison says of two values of which {@code order} is the result of comparing them. */
    boolean holds(int order) {
        return switch (this) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
        };
    }
}
