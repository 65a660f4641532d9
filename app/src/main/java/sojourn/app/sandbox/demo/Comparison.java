package sojourn.app.sandbox.demo;

import java.util.List;

/** Something counted twice, by two who know nothing of each other. */
record Comparison(String what, long expected, long counted, String by) {

    boolean isEqual() {
        return expected == counted;
    }

    static boolean areEqual(List<Comparison> all) {
        return all.stream().allMatch(Comparison::isEqual);
    }

    static void print(Terminal terminal, String title, List<Comparison> all) {
        terminal.say("%n  %-34s %9s %9s  %-6s %s", title, "expected", "counted", "", "counted by");
        for (var each : all) {
            terminal.say(
                    "  %-34s %,9d %,9d  %-6s %s",
                    each.what, each.expected, each.counted, each.isEqual() ? "equal" : "NOT SO", each.by);
        }
    }
}
