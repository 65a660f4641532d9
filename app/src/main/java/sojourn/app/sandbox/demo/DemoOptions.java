package sojourn.app.sandbox.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * What can be typed after {@code demo}.
 *
 * @param journey the template that is shown; the shop where there is none
 * @param seconds that each wait of the journey lasts
 * @param length how long to watch at most
 */
record DemoOptions(
        Optional<String> journey,
        Optional<Integer> contacts,
        Optional<Path> purchases,
        Optional<Long> seed,
        boolean all,
        int seconds,
        Duration length,
        boolean fresh,
        boolean exit) {

    static void declare(Subparser arguments) {
        arguments
                .addArgument("--journey")
                .metavar("NAME")
                .help("a journey made of the template of this name instead of the shop's, with people whom it fits;"
                        + " `list` names them");
        arguments
                .addArgument("--contacts")
                .metavar("N")
                .type(Integer.class)
                .choices(Arguments.range(1, 1_000_000))
                .help("how many customers the made-up shop has, 500 by default; or people the journey, 200 by default");
        arguments
                .addArgument("--purchases")
                .metavar("FILE")
                .help("a shop of real purchases instead: CSV with the columns customer_id,date,cds,amount; its last day"
                        + " becomes today");
        arguments.addArgument("--seed").metavar("N").type(Long.class).help("makes another shop up; default 1");
        arguments
                .addArgument("--all")
                .action(Arguments.storeTrue())
                .help("with --purchases: all lapsed customers enter, not just those with at least 10 purchases");
        arguments
                .addArgument("--wait")
                .metavar("SECONDS")
                .type(Integer.class)
                .choices(Arguments.range(1, 3600))
                .setDefault(10)
                .help("how long each wait of the journey lasts");
        arguments
                .addArgument("--minutes")
                .metavar("N")
                .type(Integer.class)
                .choices(Arguments.range(1, 1440))
                .setDefault(15)
                .help("how long to watch at most");
        arguments
                .addArgument("--fresh")
                .action(Arguments.storeTrue())
                .help("forgets the last demo in the directory first; without it that one goes on");
        arguments
                .addArgument("--exit")
                .action(Arguments.storeTrue())
                .help("ends after the show, with exit code 0 if everything added up, instead of staying up");
    }

    static DemoOptions of(Namespace typed) {
        return new DemoOptions(
                Optional.ofNullable(typed.getString("journey")),
                Optional.ofNullable(typed.<Integer>get("contacts")),
                Optional.ofNullable(typed.getString("purchases")).map(Path::of).map(Path::toAbsolutePath),
                Optional.ofNullable(typed.<Long>get("seed")),
                typed.getBoolean("all"),
                typed.<Integer>get("wait"),
                Duration.ofMinutes(typed.<Integer>get("minutes")),
                typed.getBoolean("fresh"),
                typed.getBoolean("exit"));
    }
}
