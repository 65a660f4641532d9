package sojourn.benchmarks;

import java.util.Set;
import java.util.TreeMap;

/** What the command line says: {@code name=value}, each with a default. */
final class Options {

    static final String HELP = """
            Options, each as name=value:
              only=ingestion,import,segments,many,journeys,latency,crowd,beside,rate,insights   which benchmarks run
              rounds=7               rounds of each side of ingestion and segments; minima and medians count
              rows=100000            interactions per round of ingestion
              long=1000000           interactions of the one long stream
              imported=1000000       contacts of one import, 300000 at least
              contacts=200000        contacts of the segments' data
              interactions=2000000   interactions of the segments' data
              many=200               live segments at once
              fresh=30               seconds for which contacts change beside them
              reuse=false            take the data of segments and insights that an earlier run has made
              journeys=200           journeys per round
              journeyRounds=5        rounds of journeys
              signals=400            contacts woken in the latency benchmark
              open=10000             runs that enter and stay open in the benchmark of crowds
              inMemory=false         take the in-memory Temporal for it, whatever else there is
              pending=200000         runs of a huge journey that wait to be started beside a small one's
              beside=5000            open runs beside which interactions come in
              runs=200000            runs of the journey whose figures are asked for""";

    private static final Set<String> KNOWN = Set.of(
            "only",
            "rounds",
            "rows",
            "long",
            "imported",
            "contacts",
            "interactions",
            "many",
            "fresh",
            "reuse",
            "journeys",
            "journeyRounds",
            "signals",
            "open",
            "inMemory",
            "pending",
            "beside",
            "runs");

    private final TreeMap<String, String> values = new TreeMap<>();

    Options(String... arguments) {
        for (var argument : arguments) {
            var equals = argument.indexOf('=');
            if (equals < 0 || !KNOWN.contains(argument.substring(0, equals))) {
                throw new IllegalArgumentException("Unknown option " + argument + "\n" + HELP);
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    boolean runs(String benchmark) {
        return Set.of(values.getOrDefault(
                                "only", "ingestion,import,segments,many,journeys,latency,crowd,beside,rate,insights")
                        .split(","))
                .contains(benchmark);
    }

    boolean is(String name) {
        return Boolean.parseBoolean(values.get(name));
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
    }
}
