package sojourn.app.sandbox.demo;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the shoppers have done, counted on their side. */
final class Tally {

    final AtomicLong mails = new AtomicLong();
    /** Ids of the mails that were opened, or in which something was clicked, at least once. */
    final Set<String> opened = ConcurrentHashMap.newKeySet();

    final AtomicLong openings = new AtomicLong();
    final Set<String> clicked = ConcurrentHashMap.newKeySet();
    /** Who did it. */
    final Set<String> bought = ConcurrentHashMap.newKeySet();

    final Set<String> unsubscribed = ConcurrentHashMap.newKeySet();
    final Set<String> leftAlone = ConcurrentHashMap.newKeySet();

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d mails, %,d opened, %,d clicked in, %,d people bought, %,d unsubscribed, %,d asked to be left alone",
                mails.get(),
                opened.size(),
                clicked.size(),
                bought.size(),
                unsubscribed.size(),
                leftAlone.size());
    }
}
