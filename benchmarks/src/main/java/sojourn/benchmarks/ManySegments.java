package sojourn.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Two hundred segments: the shapes of the ten references, twenty of each, with other values. As in real use they have
 * parts in common, since people ask about the same windows, regions and campaigns again and again.
 */
record ManySegments(String key, String query) {

    private static final int[] WINDOWS = {7, 14, 30, 60, 90, 180};
    private static final String[] COLOURS = {"red", "green", "blue", "black", "white"};
    private static final String[] COUNTRIES = {"US", "DE", "FR", "GB", "IT"};
    private static final String[] INDUSTRIES = {
        "Retail", "Energy", "Media", "Health", "Travel", "Food", "Law", "Sport", "Toys", "Steel"
    };
    private static final String[] STATUSES = {"registered", "attended", "cancelled"};

    static List<ManySegments> make(int count) {
        var all = new ArrayList<ManySegments>();
        for (var n = 0; n < count; n++) {
            all.add(new ManySegments("many-" + n, query(n % 10, n / 10)));
        }
        return all;
    }

    private static String query(int shape, int n) {
        var days = WINDOWS[n % WINDOWS.length];
        return switch (shape) {
            case 0 -> "PROFILE(contact).FILTER(address.region == 'Region%d')".formatted(n * 7 % 60);
            case 1 ->
                "PROFILE(contact).FILTER(colour == '%s' && nps >= %d)"
                        .formatted(COLOURS[n % COLOURS.length], 6 + n % 4);
            case 2 ->
                (n % 2 == 0
                                ? "PROFILE(contact)"
                                : "PROFILE(contact).FILTER(address.country == '%s')".formatted(country(n)))
                        + " EXCEPT " + bought(days);
            case 3 -> "INTERACTION(EmailClicked).FILTER(journey == 'j%d').HAVING(COUNT() > 0, DAYS(45))".formatted(n);
            case 4 ->
                "INTERACTION(EmailOpened).HAVING(COUNT() >= %d, DAYS(14)) INTERSECT PROFILE(contact).FILTER(address.city == 'City%d')"
                        .formatted(2 + n % 3, n * 11 % 900);
            case 5 -> "INTERACTION(Purchase).HAVING(COUNT() == %d, DAYS(%d))".formatted(1 + n % 3, days);
            case 6 -> "SEGMENT(%s) EXCEPT ".formatted(n % 2 == 0 ? "a" : "b") + bought(days);
            case 7 ->
                "PROFILE(account).FILTER(industry == '%s').TRAVERSE(contact_account) UNION PROFILE(event_registration).FILTER(status == '%s').TRAVERSE(event_registration_contact)"
                        .formatted(industry(n), STATUSES[n % STATUSES.length]);
            case 8 ->
                "((PROFILE(contact).FILTER(address.country == '%s') INTERSECT INTERACTION(EmailOpened).HAVING(COUNT() > 0, DAYS(30))) UNION PROFILE(contact).FILTER(industry == '%s')) EXCEPT %s"
                        .formatted(country(n), industry(n), bought(90));
            default ->
                "INTERACTION(Purchase).FILTER(amount > %d).HAVING(COUNT() >= 2, DAYS(%d))"
                        .formatted(50 * (1 + n % 3), days);
        };
    }

    private static String bought(int days) {
        return "INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(%d))".formatted(days);
    }

    private static String country(int n) {
        return COUNTRIES[n % COUNTRIES.length];
    }

    private static String industry(int n) {
        return INDUSTRIES[n % INDUSTRIES.length];
    }
}
