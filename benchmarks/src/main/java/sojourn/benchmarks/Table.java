package sojourn.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What was found: a row for each comparison, printed as Markdown. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table() {
        rows.add(List.of("what", "ours", "bare", "ratio", "goal", ""));
    }

    void add(String what, String ours, String bare, String ratio, String goal, boolean reached) {
        rows.add(List.of(what, ours, bare, ratio, goal, reached ? "ok" : "MISSED"));
    }

    /** A figure that has no goal. */
    void note(String what, String ours, String bare, String ratio) {
        rows.add(List.of(what, ours, bare, ratio, "", ""));
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var row : rows) {
            text.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (text.indexOf("---") < 0) {
                text.append("| --- ".repeat(row.size())).append("|\n");
            }
        }
        return text.toString();
    }
}
