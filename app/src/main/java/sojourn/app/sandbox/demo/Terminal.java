package sojourn.app.sandbox.demo;

import com.google.errorprone.annotations.FormatMethod;
import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the show is told. What changes is drawn again in the same place when a person looks on; else only whole lines are
 * written.
 */
final class Terminal {

    private final PrintStream out;
    private final boolean interactive;
    private int drawn;

    Terminal(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    static Terminal of(PrintStream out) {
        return new Terminal(
                out,
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
    }

    boolean isInteractive() {
        return interactive;
    }

    /** A line that stays. */
    @FormatMethod
    synchronized void say(String format, Object... values) {
        erase();
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    /** Lines in the place of those drawn last; nothing where nobody looks on. */
    synchronized void draw(List<String> lines) {
        if (interactive) {
            erase();
            lines.forEach(out::println);
            drawn = lines.size();
            out.flush();
        }
    }

    private void erase() {
        if (drawn > 0) {
            // Up to its first line, and from there on nothing.
            out.printf("\033[%dF\033[J", drawn);
            drawn = 0;
        }
    }
}
