package sojourn.app.sandbox.demo;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Someone who does not exist. */
record Person(@Nullable String email, String firstName, String lastName, String timeZone) {

    private static final double NEVER_TOLD_THE_ADDRESS = 0.03;

    private static final List<String> FIRST_NAMES = List.of(
            "Ada", "Alan", "Amina", "Anouk", "Ben", "Bjørn", "Chiara", "Chen", "Dora", "Elif", "Emil", "Fatima", "Finn",
            "Grace", "Hana", "Hugo", "Inés", "Ivan", "Jana", "José", "Kaito", "Klára", "Lars", "Leïla", "Mateo", "Mia",
            "Noor", "Olga", "Omar", "Priya", "Quentin", "Rosa", "Sofia", "Tariq", "Uma", "Viktor", "Wanda", "Yara",
            "Yusuf", "Zoë");

    private static final List<String> LAST_NAMES = List.of(
            "Abe",
            "Andersen",
            "Bauer",
            "Bianchi",
            "Castro",
            "Chaudhry",
            "Curie",
            "Dubois",
            "Eriksen",
            "Fischer",
            "García",
            "Haddad",
            "Hopper",
            "Ito",
            "Jansen",
            "Kaya",
            "Kowalski",
            "Lovelace",
            "Marković",
            "Mensah",
            "Müller",
            "Nguyen",
            "Novák",
            "O'Neill",
            "Okafor",
            "Patel",
            "Petrov",
            "Quispe",
            "Rossi",
            "Sato",
            "Silva",
            "Smith",
            "Suzuki",
            "Tanaka",
            "Turing",
            "Urban",
            "Varga",
            "Weber",
            "Yilmaz",
            "Zhang");

    /** Nearer ones more often. */
    private static final List<String> TIME_ZONES = List.of(
            "Europe/Berlin",
            "Europe/Berlin",
            "Europe/Berlin",
            "Europe/Berlin",
            "Europe/London",
            "Europe/London",
            "Europe/Madrid",
            "Europe/Istanbul",
            "America/New_York",
            "America/New_York",
            "America/Los_Angeles",
            "America/Sao_Paulo",
            "Asia/Kolkata",
            "Asia/Tokyo",
            "Australia/Sydney",
            "Africa/Lagos");

    static Person random(String id, Random random) {
        var first = any(FIRST_NAMES, random);
        var last = any(LAST_NAMES, random);
        var zone = any(TIME_ZONES, random);
        var told = random.nextDouble() >= NEVER_TOLD_THE_ADDRESS;
        return new Person(
                told ? letters(first) + "." + letters(last) + "." + id + "@example.com" : null, first, last, zone);
    }

    private static String any(List<String> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static String letters(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replace('ø', 'o')
                .replaceAll("[^a-z]", "");
    }
}
