package sojourn.app.sandbox.demo;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What the shoppers have done, counted on their side. */
final class Tally {

    final AtomicLong mails = new AtomicLong();
    /** Ids of the mails that were opened, or in which something was clicked, at least once. */
    final Set<String> opened = ConcurrentHashMap.newKeySet();

    final AtomicLong openings = new AtomicLong();
    final Set<String> clicked = ConcurrentHashMap.newKeySet();
    /** Who did it. */
    final Set<String> unsubscribed = ConcurrentHashMap.newKeySet();

    final Set<String> leftAlone = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<String>> did = new ConcurrentSkipListMap<>();

    /** Who had such an interaction after a mail. */
    Set<String> did(String type) {
        return did.computeIfAbsent(type, _ -> ConcurrentHashMap.newKeySet());
    }

    @Override
    public String toString() {
        var deeds = did.entrySet().stream()
                .map(deed -> String.format(
                        Locale.ROOT, "%s by %,d", deed.getKey(), deed.getValue().size()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%,d mails, %,d opened, %,d clicked in; %s%,d unsubscribed, %,d asked to be left alone",
                mails.get(),
                opened.size(),
                clicked.size(),
                deeds.isEmpty() ? "" : deeds + "; ",
                unsubscribed.size(),
                leftAlone.size());
    }
}
