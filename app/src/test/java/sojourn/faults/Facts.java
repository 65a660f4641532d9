package sojourn.faults;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What an outside system has sent and been told that it was taken. Whatever is here must be in the database. */
final class Facts {

    static final int PEOPLE = 1_600;
    static final int ACCOUNTS = 6;

    final Map<Integer, Person> people = new ConcurrentHashMap<>();
    final Map<Integer, List<Happening>> happenings = new ConcurrentHashMap<>();
    /** The industry of each account. */
    final Map<String, String> industries = new ConcurrentHashMap<>();
    /** Who is on which marketing list, as {@code list/person}. */
    final Set<String> listed = ConcurrentHashMap.newKeySet();
    /** Registrations for an event. */
    final Map<String, Registration> registrations = new ConcurrentHashMap<>();
    /** What was decided about single contacts: {@code include} or {@code exclude}. */
    final Map<Integer, String> decisions = new ConcurrentHashMap<>();
    /** Members picked by hand, and those sent by another system. */
    final Map<String, Set<Integer>> members = new ConcurrentHashMap<>();
    /** What each sync must have done, by segment and syncId. */
    final Map<String, Map<String, Long>> syncs = new ConcurrentHashMap<>();
    /** The query that a segment has, as far as it is edited. */
    final Map<String, String> queries = new ConcurrentHashMap<>();
    /** The query that an edit, which is being saved, brings. */
    final Map<String, String> saving = new ConcurrentHashMap<>();
    /** Segments that were stopped. */
    final Set<String> stopped = ConcurrentHashMap.newKeySet();

    record Person(String tier, int score, @Nullable String account) {}

    record Happening(String id, String type, Instant at, int amount) {}

    record Registration(int person, String status) {}

    Facts() {
        IntStream.rangeClosed(1, PEOPLE).forEach(person -> {
            people.put(person, new Person("silver", person % 100, null));
            happenings.put(person, new CopyOnWriteArrayList<>());
        });
    }

    Person person(int number) {
        return people.getOrDefault(number, new Person("", 0, null));
    }

    List<Happening> happenings(int person) {
        return happenings.getOrDefault(person, List.of());
    }

    Set<Integer> members(String segment) {
        return members.computeIfAbsent(segment, _ -> ConcurrentHashMap.newKeySet());
    }
}
