package sojourn.app.sandbox.demo;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sojourn.app.sandbox.demo.Guest.Did;

/**
 * What people do in the show of a template. What they do depends on the seed alone.
 *
 * @param template its key
 * @param story in a line
 * @param guests makes the people who may enter
 * @param list key of the static segment that the people who enter are members of, null where there is none
 * @param deeds what whoever has clicked a link may do, by the link's name
 * @param ringsUp whether some ask to be left alone
 * @param goalOnce whether everyone reaches the goal once at most
 */
record Scene(
        String template,
        String story,
        Maker guests,
        @Nullable String list,
        Map<String, Deed> deeds,
        boolean ringsUp,
        boolean goalOnce) {

    Scene {
        deeds = Map.copyOf(deeds);
    }

    /** Makes a guest up: everything that is not about the person itself. */
    @FunctionalInterface
    interface Maker {
        Guest make(String id, Person person, Random chance, LocalDate today);
    }

    /** What someone does with some likelihood, and maybe something else after it. */
    record Deed(double likelihood, Doing doing, @Nullable Deed then) {

        static Deed of(double likelihood, Doing doing) {
            return new Deed(likelihood, doing, null);
        }
    }

    /** What exactly. */
    @FunctionalInterface
    interface Doing {
        Did by(String person, Random chance);
    }

    /** So many people; the same seed makes the same. */
    List<Guest> guests(int count, long seed, LocalDate today) {
        var chance = new Random(seed);
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> {
                    var id = "c" + number;
                    return guests.make(id, Person.random(id, chance), chance, today);
                })
                .toList();
    }
}
