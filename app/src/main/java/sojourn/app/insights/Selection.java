package sojourn.app.insights;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The rows that make a figure, narrowed as a metric says, which has been checked. */
record Selection(JourneyRow journey, Figure figure, Metric metric) {

    /** FROM and WHERE; the rows are {@code r}, {@code v} or {@code i}. */
    String rows() {
        return switch (figure.source()) {
            case RUN ->
                "from run r where r.journey_id = :journey and " + figure.where() + Range.of("r")
                        + narrowed("r.%s", Narrowing::column);
            case VISIT ->
                "from tile_visit v where v.journey_id = :journey and " + figure.where() + Range.of("v")
                        + narrowed("v.%s", Narrowing::column)
                        + (metric.variant() == null ? "" : " and v.type in ('abTest', 'email', 'text', 'push')");
            case FACT -> """
                from interaction i
                where i.type_id = any(array(select id from interaction_type where key = any(:types))) and i.journey = :key
                """ + Range.ofFact() + narrowed("(i.properties ->> '%s')", Narrowing::word);
        };
    }

    private String narrowed(String value, Function<Narrowing, String> name) {
        return Arrays.stream(Narrowing.values())
                .filter(narrowing -> metric.narrowedTo(narrowing) != null)
                .map(narrowing -> " and " + value.formatted(name.apply(narrowing)) + " = :" + narrowing.word())
                .collect(Collectors.joining());
    }

    Query bind(Query query) {
        new Range(metric.version(), metric.from(), metric.to()).bind(query);
        for (var narrowing : Narrowing.values()) {
            var value = metric.narrowedTo(narrowing);
            if (value != null) {
                query.bind(narrowing.word(), value);
            }
        }
        return figure.source() == Figure.Source.FACT
                ? query.bind("key", journey.key()).bindArray("types", String.class, figure.types())
                : query.bind("journey", journey.number());
    }

    /** The distinct contacts that are not erased; winners for the merged. */
    List<Long> contacts(Handle handle) {
        return bind(handle.createQuery("""
                        select c.id from contact c
                        where c.state <> 'erased'
                          and c.id in (select coalesce(m.merged_into, m.id) from contact m
                                       where m.id in (select contact_id %s))
                        order by c.id
                        """.formatted(rows()))).mapTo(Long.class).list();
    }
}
