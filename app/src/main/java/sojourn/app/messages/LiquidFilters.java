package sojourn.app.messages;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liqp.TemplateContext;
import liqp.filters.Filter;
import liqp.filters.Filters;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/** The filters that templates may use, none of which can be made to use much time or memory. */
final class LiquidFilters {

    private static final Set<String> STANDARD = Set.of(
            "abs",
            "append",
            "at_least",
            "at_most",
            "capitalize",
            "ceil",
            "compact",
            "concat",
            "date",
            "default",
            "divided_by",
            "downcase",
            "first",
            "floor",
            "last",
            "lstrip",
            "map",
            "minus",
            "modulo",
            "newline_to_br",
            "plus",
            "prepend",
            "remove",
            "remove_first",
            "replace_first",
            "reverse",
            "round",
            "rstrip",
            "size",
            "slice",
            "sort",
            "sort_natural",
            "split",
            "strip",
            "strip_newlines",
            "times",
            "truncate",
            "truncatewords",
            "uniq",
            "upcase",
            "url_decode",
            "url_encode",
            "where");

    static final Set<String> NAMES = Stream.concat(
                    STANDARD.stream(), Stream.of("escape", "escape_once", "h", "join", "raw", "replace", "strip_html"))
            .collect(Collectors.toSet());

    private static final Pattern LONG_NUMBER = Pattern.compile("\\d{3}");
    private static final int MAX_DIGITS = 200;

    private LiquidFilters() {}

    static List<Filter> all() {
        var standard = Filters.DEFAULT_FILTERS.values().stream()
                .filter(filter -> STANDARD.contains(filter.getName()))
                .<Filter>map(Guarded::new);
        return Stream.concat(
                        standard,
                        Stream.of(
                                        new Escape(Escape.OUTPUT, false),
                                        new Escape("escape", false),
                                        new Escape("h", false),
                                        new Escape("escape_once", true),
                                        new Raw(),
                                        new StripHtml(),
                                        new Replace(),
                                        new Join())
                                .map(Guarded::new))
                .toList();
    }

    /** Lets a filter work only on texts, lists and numbers of decent size, within the time of the rendering. */
    private static final class Guarded extends Filter {

        private final Filter filter;

        Guarded(Filter filter) {
            super(filter.getName());
            this.filter = filter;
        }

        @Override
        public @Nullable Object apply(@Nullable Object value, TemplateContext context, Object... params) {
            LiquidLimits.checkTime();
            LiquidLimits.checkSize(
                    size(value) + Stream.of(params).mapToLong(Guarded::size).sum());
            if (name.equals("date")
                    && Stream.of(params)
                            .anyMatch(format ->
                                    LONG_NUMBER.matcher(String.valueOf(format)).find())) {
                throw new IllegalArgumentException("A date's format pads to at most 99 characters");
            }
            return filter.apply(value, context, params);
        }

        private static long size(@Nullable Object value) {
            return switch (value) {
                case null -> 0;
                case CharSequence text -> text.length();
                case BigDecimal number
                when number.precision() + Math.abs((long) number.scale()) > MAX_DIGITS ->
                    throw new ArithmeticException("A number has more than " + MAX_DIGITS + " digits");
                case Collection<?> list ->
                    list.size() + list.stream().mapToLong(Guarded::size).sum();
                case Object[] array ->
                    array.length + Stream.of(array).mapToLong(Guarded::size).sum();
                default -> 1;
            };
        }
    }

    /** Makes a value harmless inside HTML, attribute values included (the library's own leaves single quotes). */
    private static final class Escape extends Filter {

        /** Put after each output by {@link LiquidTree}. */
        static final String OUTPUT = "html";

        private static final Pattern AMPERSAND = Pattern.compile("&");
        private static final Pattern NO_ENTITY =
                Pattern.compile("&(?!(?:[a-zA-Z0-9]{1,32}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)");

        private final Pattern ampersand;

        Escape(String name, boolean once) {
            super(name);
            this.ampersand = once ? NO_ENTITY : AMPERSAND;
        }

        @Override
        public @Nullable Object apply(@Nullable Object value, TemplateContext context, Object... params) {
            return switch (value) {
                case null -> null;
                case Collection<?> list -> list.stream().map(this::escape).collect(Collectors.joining());
                case Object[] array -> Stream.of(array).map(this::escape).collect(Collectors.joining());
                default -> escape(value);
            };
        }

        private String escape(@Nullable Object value) {
            return value == null
                    ? ""
                    : ampersand
                            .matcher(String.valueOf(value))
                            .replaceAll("&amp;")
                            .replace("<", "&lt;")
                            .replace(">", "&gt;")
                            .replace("\"", "&quot;")
                            .replace("'", "&#39;");
        }
    }

    /** Says that a value is meant as HTML. */
    private static final class Raw extends Filter {

        Raw() {
            super("raw");
        }

        @Override
        public @Nullable Object apply(@Nullable Object value, TemplateContext context, Object... params) {
            return value;
        }
    }

    /** By a parser: the usual regular expression can be made to take forever. */
    private static final class StripHtml extends Filter {

        StripHtml() {
            super("strip_html");
        }

        @Override
        public Object apply(@Nullable Object value, TemplateContext context, Object... params) {
            return Jsoup.parseBodyFragment(asString(value, context)).wholeText();
        }
    }

    private static final class Replace extends Filter {

        Replace() {
            super("replace");
        }

        @Override
        public Object apply(@Nullable Object value, TemplateContext context, Object... params) {
            var text = asString(value, context);
            var what = asString(get(0, params), context);
            var by = asString(get(1, params), context);
            if (what.isEmpty()) {
                return text;
            }
            var times = 0L;
            for (var at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + what.length())) {
                times++;
            }
            LiquidLimits.checkSize(text.length() + times * by.length());
            return text.replace(what, by);
        }
    }

    private static final class Join extends Filter {

        Join() {
            super("join");
        }

        @Override
        public @Nullable Object apply(@Nullable Object value, TemplateContext context, Object... params) {
            if (!isArray(value)) {
                return value;
            }
            var glue = params.length == 0 ? " " : asString(params[0], context);
            var items = asArray(value, context);
            LiquidLimits.checkSize((long) items.length * glue.length() + Guarded.size(items));
            return Stream.of(items).map(item -> asString(item, context)).collect(Collectors.joining(glue));
        }
    }
}
