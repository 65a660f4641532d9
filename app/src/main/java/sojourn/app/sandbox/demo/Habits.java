package sojourn.app.sandbox.demo;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sojourn.app.sandbox.demo.Guest.Did;
import sojourn.app.sandbox.demo.Scene.Deed;

/**
 * What people do about mails, besides opening them and clicking.
 *
 * @param afterLink what whoever has clicked may do, by the last word of where the link leads
 * @param ringsUp whether some ask to be left alone
 */
record Habits(Function<String, Optional<Deed>> afterLink, boolean ringsUp) {

    private static final double BUYS = 0.5;

    /** Of a record shop's customers: whatever they click, they may buy. */
    static final Habits OF_SHOPPERS = new Habits(
            _ -> Optional.of(Deed.of(BUYS, (_, chance) -> {
                var cds = 1 + chance.nextInt(4);
                return new Did("Purchase", 0, Map.of("amount", cds * 14.99, "cds", cds));
            })),
            true);

    static Habits of(Scene scene) {
        return new Habits(link -> Optional.ofNullable(scene.deeds().get(link)), scene.ringsUp());
    }
}
