package sojourn.app.contacts;

import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What built-in attributes demand of their values beyond the type. No message quotes a value. */
final class BuiltInChecks {

    static final int LONGEST_TEXT = 255;

    private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ()./-]{1,30}[0-9]");
    private static final Pattern EMAIL_LOCAL =
            Pattern.compile("[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*+");
    private static final Pattern EMAIL_LABEL =
            Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N}-]*[\\p{L}\\p{M}\\p{N}])?+");

    private BuiltInChecks() {}

    /** The value as it is stored. */
    static Object check(String name, Object value) throws Unfit {
        return switch (name) {
            case "latitude" -> coordinate(value, 90);
            case "longitude" -> coordinate(value, 180);
            case "state" -> value;
            default -> text(name, (String) value);
        };
    }

    private static String text(String name, String text) throws Unfit {
        if (text.length() > LONGEST_TEXT) {
            throw new Unfit("too-long", "at most " + LONGEST_TEXT + " characters would fit");
        }
        return switch (name) {
            case "email" -> email(text);
            case "phone" -> {
                if (!PHONE.matcher(text).matches()) {
                    throw new Unfit("invalid-phone", "a phone number is digits, best with + and country code first");
                }
                yield text;
            }
            case "locale" -> locale(text);
            case "timeZone" -> {
                if (!ZONES.contains(text)) {
                    throw new Unfit("invalid-time-zone", "a time zone of the IANA database would fit, Europe/Berlin");
                }
                yield text;
            }
            case "address.country" -> {
                var code = text.toUpperCase(Locale.ROOT);
                if (!COUNTRIES.contains(code)) {
                    throw new Unfit("invalid-country", "a country is two letters of ISO 3166-1, DE");
                }
                yield code;
            }
            default -> text;
        };
    }

    private static String email(String text) throws Unfit {
        var at = text.lastIndexOf('@');
        if (at > 0
                && at <= 64
                && text.length() <= 254
                && EMAIL_LOCAL.matcher(text.substring(0, at)).matches()) {
            var labels = List.of(text.substring(at + 1).split("\\.", -1));
            if (labels.size() >= 2 && labels.stream().allMatch(BuiltInChecks::isLabel)) {
                return text;
            }
        }
        throw new Unfit("invalid-email", "this is not an email address; ada@example.com would fit");
    }

    private static boolean isLabel(String label) {
        return label.length() <= 63 && EMAIL_LABEL.matcher(label).matches();
    }

    private static String locale(String text) throws Unfit {
        try {
            if (!new Locale.Builder().setLanguageTag(text).build().getLanguage().isEmpty()) {
                return text;
            }
        } catch (IllformedLocaleException illFormed) {
            // falls through to the refusal below
        }
        throw new Unfit("invalid-locale", "a language tag of BCP 47 would fit, de-DE");
    }

    private static Object coordinate(Object value, int most) throws Unfit {
        var degrees = ((Number) value).doubleValue();
        if (Math.abs(degrees) > most) {
            throw new Unfit("out-of-range", "degrees from -" + most + " to " + most + " would fit");
        }
        return degrees;
    }
}
