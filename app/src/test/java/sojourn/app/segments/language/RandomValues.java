package sojourn.app.segments.language;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;

/** The values at which meanings come apart, if they do: odd texts, edges of numbers, and of windows and clock changes. */
final class RandomValues {

    static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/Havana",
            "America/St_Johns",
            "Australia/Lord_Howe",
            "Antarctica/Troll",
            "America/Sao_Paulo",
            "Asia/Kathmandu",
            "UTC");

    static final List<String> TAGS = List.of("spring", "O'Hara", "\u0130stanbul", "50%");

    static final List<String> TEXTS = List.of(
            "New York",
            "new york",
            "NEW YORK",
            "york",
            "Istanbul",
            "\u0130stanbul",
            "ISTANBUL",
            "\u0131stanbul",
            "i",
            "I",
            "Stra\u00dfe",
            "STRASSE",
            "\u1e9e",
            "\u00e9",
            "\u00c9",
            "e",
            "\u00e9e",
            "a\u0327\u0301",
            "\u212b",
            "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
            "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3",
            "\ud83d\ude00",
            "\ud83d\ude00\ud83d\ude01",
            "\ufffd",
            "\uffee",
            "O'Hara",
            "o''hara",
            "50%",
            "50_",
            "%",
            "_",
            "\\",
            "\\%",
            "a\\b",
            "$.x",
            "\"q\"",
            "{\"tier\":\"gold\"}",
            "?",
            "??",
            ":name",
            "::text",
            " ",
            "a b",
            "\t",
            "x' or true --",
            "1",
            "true",
            "null",
            "win-back",
            "WIN-BACK",
            "remind",
            "Remind",
            "\u01c5",
            "\u01c4");

    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "2",
            "3",
            "1.50",
            "0.1",
            "0.2",
            "0.3",
            "-0.1",
            "18",
            "1e-10",
            "5e-11",
            "4.9e-11",
            "-5e-11",
            "99999999999999999999.5",
            "1e20",
            "-1e20",
            "3.3333333333",
            "0.3333333333",
            "1e-20",
            "123456789012345678",
            "52.520008",
            "13.404954",
            "1.7976931348623157e30");

    private static final List<Integer> STEPS = List.of(-1, 0, 0, 0, 1);

    private final Random random;
    private final Instant now;

    RandomValues(Random random, Instant now) {
        this.random = random;
        this.now = now;
    }

    String text() {
        return pick(TEXTS);
    }

    String textPart() {
        var text = text();
        var end = text.offsetByCodePoints(0, 1 + random.nextInt(text.codePointCount(0, text.length())));
        return text.substring(0, end);
    }

    BigDecimal number() {
        return new BigDecimal(pick(NUMBERS));
    }

    BigDecimal count() {
        return new BigDecimal(pick(List.of("0", "1", "2", "3", "-1", "0.5", "1.0", "2.5", "4", "1e3")));
    }

    double coordinate() {
        return pick(List.of(52.520008, 13.404954, 0.1, 0.30000000000000004, -179.99999999999997, 0.0, 18.0));
    }

    /** Near today, so that dates and windows meet. */
    LocalDate date() {
        return LocalDate.ofInstant(now, ZoneId.of("UTC")).plusDays(random.nextInt(7) - 4);
    }

    /** On, just before or just after the moments at which something begins or ends. */
    Instant instant() {
        var zone = ZoneId.of(pick(ZONES));
        var local = now.atZone(zone);
        var count = random.nextInt(4);
        var edge = switch (random.nextInt(9)) {
            case 0 -> now;
            case 1 -> now.minus(Duration.ofHours(count));
            case 2 -> now.minus(Duration.ofMinutes(count));
            case 3 -> local.minusDays(count).toInstant();
            case 4 -> local.minusWeeks(count).toInstant();
            case 5 -> local.minusMonths(count).toInstant();
            case 6 -> local.minusYears(count).toInstant();
            case 7 ->
                local.toLocalDate().minusDays(count - 1L).atStartOfDay(zone).toInstant();
            default -> {
                var change = zone.getRules().previousTransition(now.plus(1, ChronoUnit.DAYS));
                yield change == null ? now : change.getInstant();
            }
        };
        return edge.plus(pick(STEPS), pick(List.of(ChronoUnit.MICROS, ChronoUnit.SECONDS, ChronoUnit.HOURS)))
                .truncatedTo(ChronoUnit.MICROS);
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
