package sojourn.app.interactions;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.Transactions;

/** Does the calls of Segment's libraries in their order; what is not rejected is durable. */
final class SegmentIoIntake {

    /**
     * What became of calls.
     *
     * @param success that none was rejected
     * @param identified how many identify calls were done
     * @param ignored traits that do not fit and were left out of calls that were done
     */
    public record CallsAnswer(
            boolean success,
            long accepted,
            long duplicates,
            long identified,
            List<Rejection> rejected,
            List<Ignored> ignored)
            implements PersonalAnswer {

        @Override
        public @Nullable UUID contactId() {
            return null;
        }

        @Override
        public boolean personal() {
            return !rejected.isEmpty() || !ignored.isEmpty();
        }
    }

    /** A trait that was left out. */
    public record Ignored(long index, String pointer, String code, String detail) {}

    private final Jdbi jdbi;
    private final Ingestion ingestion;
    private final ContactsFeature contacts;
    private final AnonymousIds anonymousIds;
    private final InstantSource clock;

    SegmentIoIntake(
            Jdbi jdbi, Ingestion ingestion, ContactsFeature contacts, AnonymousIds anonymousIds, InstantSource clock) {
        this.jdbi = jdbi;
        this.ingestion = ingestion;
        this.contacts = contacts;
        this.anonymousIds = anonymousIds;
        this.clock = clock;
    }

    CallsAnswer take(List<SegmentIoCall> calls) {
        var taking = new Taking();
        calls.forEach(taking::take);
        return taking.answer();
    }

    /** Interactions are stored together up to the next identify call. */
    private final class Taking {

        private final List<Sent> tracked = new ArrayList<>();
        private final List<Rejection> rejected = new ArrayList<>();
        private final List<Ignored> ignored = new ArrayList<>();
        private long accepted;
        private long duplicates;
        private long identified;

        void take(SegmentIoCall call) {
            switch (call) {
                case SegmentIoCall.Track(var sent) -> tracked.add(sent);
                case SegmentIoCall.Wrong(var rejection) -> rejected.add(rejection);
                case SegmentIoCall.Identify identify -> {
                    store();
                    identify(identify);
                }
            }
        }

        private void store() {
            if (tracked.isEmpty()) {
                return;
            }
            var outcome = ingestion.store(tracked);
            accepted += outcome.accepted();
            duplicates += outcome.duplicates();
            rejected.addAll(outcome.rejected());
            tracked.clear();
        }

        private void identify(SegmentIoCall.Identify call) {
            var traits = new SegmentIoTraits(call.traits());
            var leftOut = Transactions.in(jdbi, handle -> {
                Erasure.holdOff(handle);
                var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
                var errors = new ArrayList<ProblemError>();
                var contact = contacts.intake().merge(handle, call.userId(), traits.fields(), now, errors);
                if (call.anonymousId() != null) {
                    anonymousIds.link(handle, call.anonymousId(), contact, now);
                }
                return errors;
            });
            contacts.changes().kick();
            identified++;
            leftOut.forEach(error -> ignored.add(
                    new Ignored(call.index(), traits.origin(error.pointer()), error.code(), error.detail())));
        }

        CallsAnswer answer() {
            store();
            rejected.sort(Comparator.comparingLong(Rejection::index));
            return new CallsAnswer(rejected.isEmpty(), accepted, duplicates, identified, rejected, ignored);
        }
    }
}
