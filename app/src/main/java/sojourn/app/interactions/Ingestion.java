package sojourn.app.interactions;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.Transactions;

/** Holds what was sent against types and contacts, and stores what fits: a batch is one transaction. */
final class Ingestion {

    /** What became of a batch. */
    record Outcome(int accepted, int duplicates, List<Rejection> rejected) {}

    /** A batch of which only the contacts are still to be found. */
    record Checked(Instant at, List<Candidate> candidates, List<Rejection> rejected) {}

    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");

    private final Jdbi jdbi;
    private final InteractionTypes types;
    private final Contacts contacts;
    private final Changes changes;
    private final InstantSource clock;
    private final Duration clockSkew;
    private final InteractionStore store;
    private final Months months;

    /** @param clockSkew how far in the future an interaction may have occurred */
    Ingestion(
            Jdbi jdbi,
            InteractionTypes types,
            Contacts contacts,
            Changes changes,
            Months months,
            InstantSource clock,
            Duration clockSkew) {
        this.jdbi = jdbi;
        this.types = types;
        this.contacts = contacts;
        this.changes = changes;
        this.months = months;
        this.clock = clock;
        this.clockSkew = clockSkew;
        this.store = new InteractionStore(changes);
    }

    /** Checks and stores a batch; when this returns, what was not rejected is durable. */
    Outcome store(List<Sent> batch) {
        return store(check(batch));
    }

    /** Holds a batch against the types; apart from {@link #store(Checked)} so that a stream can do both at once. */
    Checked check(List<Sent> batch) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var known = types.all();
        var rejected = new ArrayList<Rejection>();
        var candidates = new ArrayList<Candidate>(batch.size());
        var hash = new ContentHash();
        for (var sent : batch) {
            var errors = new ArrayList<>(sent.errors());
            var candidate = check(sent, known, now, hash, errors);
            if (candidate == null) {
                rejected.add(Rejection.of(sent, errors));
            } else {
                candidates.add(candidate);
            }
        }
        return new Checked(now, candidates, rejected);
    }

    /** Stores what was found to fit; when this returns, what was not rejected is durable. */
    Outcome store(Checked batch) {
        if (batch.candidates().isEmpty()) {
            return new Outcome(0, 0, batch.rejected());
        }
        months.makeFor(batch.candidates().stream().map(Candidate::occurredAt).toList());
        var outcome = Transactions.in(jdbi, handle -> store(handle, batch.candidates(), batch.at()));
        if (outcome.accepted() > 0) {
            changes.kick();
        }
        var rejected = new ArrayList<>(batch.rejected());
        rejected.addAll(outcome.rejected());
        rejected.sort(Comparator.comparingLong(Rejection::index));
        return new Outcome(outcome.accepted(), outcome.duplicates(), rejected);
    }

    private Outcome store(Handle handle, List<Candidate> candidates, Instant now) {
        Erasure.holdOff(handle);
        var records = InteractionLookups.find(handle, candidates);
        var whose = whose(handle, candidates);
        var rejected = new ArrayList<Rejection>();
        var facts = new LinkedHashMap<String, Fact>();
        var known = new ArrayList<Candidate>(candidates.size());
        for (var candidate : candidates) {
            var contact = whose.apply(candidate);
            var errors = new ArrayList<ProblemError>();
            if (contact == null && candidate.contact() != null) {
                errors.add(ProblemError.at("/contact", "unknown-contact", unknownContact(candidate.contact())));
            }
            var named = candidate.naming(records, errors);
            if (named == null || !errors.isEmpty()) {
                rejected.add(Rejection.of(candidate.sent(), errors));
            } else {
                known.add(named);
                facts.putIfAbsent(named.id(), named.fact(contact));
            }
        }
        if (facts.isEmpty()) {
            return new Outcome(0, 0, rejected);
        }
        var stored = store.store(handle, facts.values(), now);
        if (stored.added().size() == known.size()) {
            return new Outcome(known.size(), 0, rejected);
        }
        var left = new HashSet<>(stored.added());
        var duplicates = 0;
        for (var candidate : known) {
            if (!candidate.hash().equals(stored.hashes().get(candidate.id()))) {
                rejected.add(
                        candidate.reject("/id", "id-reused", "this id was used for an interaction with other content"));
            } else if (!left.remove(candidate.id())) {
                duplicates++;
            }
        }
        return new Outcome(stored.added().size(), duplicates, rejected);
    }

    /** The contacts of candidates, where there are any. */
    private Function<Candidate, @Nullable Long> whose(Handle handle, List<Candidate> candidates) {
        var references = new HashSet<String>();
        var anonymousIds = new HashSet<String>();
        for (var candidate : candidates) {
            if (candidate.contact() != null) {
                references.add(candidate.contact());
            } else if (candidate.anonymousId() != null) {
                anonymousIds.add(candidate.anonymousId());
            }
        }
        var named = contacts.resolveAll(handle, references);
        var linked = AnonymousIds.whose(handle, anonymousIds);
        return candidate ->
                candidate.contact() != null ? named.get(candidate.contact()) : linked.get(candidate.anonymousId());
    }

    /** The interaction ready to be stored but for its contact; null with errors when something does not fit. */
    private @Nullable Candidate check(
            Sent sent, Map<String, InteractionType> types, Instant now, ContentHash hash, List<ProblemError> errors) {
        var occurredAt = sent.occurredAt() == null ? now : sent.occurredAt();
        if (occurredAt.isAfter(now.plus(clockSkew))) {
            errors.add(ProblemError.at(
                    "/occurredAt", "in-the-future", "it may be at most " + clockSkew + " ahead of our clock"));
        }
        if (occurredAt.isBefore(EARLIEST)) {
            errors.add(ProblemError.at("/occurredAt", "out-of-range", "it may be no earlier than " + EARLIEST));
        }
        var type = sent.type() == null ? null : types.get(sent.type());
        if (type == null) {
            if (sent.type() != null) {
                errors.add(ProblemError.at(
                        "/type",
                        "unknown-type",
                        "no such interaction type is declared" + Nearest.advice(sent.type(), types.keySet())));
            }
            return null;
        }
        Reserved.check(sent, type, errors);
        var properties = CheckedProperties.of(type, sent.properties(), errors);
        if (!errors.isEmpty() || sent.id() == null) {
            return null;
        }
        return new Candidate(
                sent, sent.id(), sent.contact(), sent.anonymousId(), type, occurredAt, hash(sent, hash), properties);
    }

    /** An anonymous id is hashed only where there is one, so that hashes from before there were any stay right. */
    private static UUID hash(Sent sent, ContentHash hash) {
        return sent.anonymousId() == null
                ? hash.of(sent.type(), sent.contact(), sent.occurredAt(), sent.bindingKey(), sent.properties())
                : hash.of(
                        sent.type(), null, sent.occurredAt(), sent.bindingKey(), sent.properties(), sent.anonymousId());
    }

    private static String unknownContact(String reference) {
        return reference.startsWith(Contacts.EXTERNAL) || reference.length() == 36
                ? "there is no such contact"
                : "a contact is named by its UUID, or by external: and its externalId";
    }
}
