package sojourn.app.journeys;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.journeys.Interventions.Action;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/**
 * Has many runs of a journey helped on. Which ones is settled when the job is accepted, in the transaction that counts them: so
 * nobody is touched who was not counted, however long the job takes.
 */
final class ManyRuns {

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;
    private final LiveVersions versions;
    private final Jobs jobs;

    ManyRuns(Jdbi jdbi, InstantSource clock, Contacts contacts, LiveVersions versions, Jobs jobs) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
        this.versions = versions;
        this.jobs = jobs;
    }

    /**
     * What is to be done to which runs.
     *
     * @param tile the one to move to; null for all else
     * @param expected how many runs are meant at most; null refuses, and says how many there are
     */
    record Wish(
            Action action,
            @Nullable String tile,
            RunFilter where,
            @Nullable Long expected,
            Deed deed) {

        /** The states in which runs can be helped so. */
        List<String> statuses() {
            var fitting =
                    action == Action.retry ? List.of(RunStatus.failed) : List.of(RunStatus.pending, RunStatus.active);
            return fitting.stream().map(RunStatus::name).toList();
        }

        /** Whether a run that has gone on meanwhile is not meant any more. */
        boolean meansVisit() {
            return action == Action.skipWait || where.tile() != null;
        }
    }

    /** How many runs would be helped on now. */
    long count(Journey journey, Wish wish) {
        return Transactions.in(jdbi, handle -> count(handle, wish, check(handle, journey, wish)));
    }

    Job submit(Journey journey, Wish wish) {
        var job = Transactions.in(jdbi, handle -> {
            var condition = check(handle, journey, wish);
            confirm(count(handle, wish, condition), wish.expected());
            var made = jobs.submit(
                    handle,
                    RunsJob.name(wish.action()),
                    journey.key(),
                    "runs/" + journey.number(),
                    new RunsJob.Input(wish.action(), wish.tile(), wish.deed()),
                    wish.deed().by());
            var chosen = choose(handle, made.id(), wish, condition);
            confirm(chosen, wish.expected());
            AuditLog.note(
                    handle,
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    wish.deed(),
                    new AuditLog.Done(RunsJob.name(wish.action()), Milestones.JOURNEY, journey.key())
                            .with(Map.of("job", made.id(), "runs", chosen)));
            return made;
        });
        jobs.kick();
        return job;
    }

    private RunFilter.Condition check(Handle handle, Journey journey, Wish wish) {
        var errors = new ArrayList<>(wish.where().check(handle, "/where"));
        var status = wish.where().status();
        if (status != null && !wish.statuses().contains(status.name())) {
            errors.add(ProblemError.at(
                    "/where/status",
                    "wrong-status",
                    "Only runs that are " + String.join(" or ", wish.statuses()) + " can be helped so"));
        }
        unknownTile(handle, journey, wish.tile()).ifPresent(errors::add);
        unknownRuns(handle, journey, wish.where().runs()).ifPresent(errors::add);
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return wish.where().over(handle, contacts, journey.number());
    }

    /** A tile that no version has; of the versions that runs are on some may still lack it. */
    private Optional<ProblemError> unknownTile(Handle handle, Journey journey, @Nullable String tile) {
        if (tile == null) {
            return Optional.empty();
        }
        var known = handle
                .select("select version from journey_version where journey_id = ?", journey.number())
                .mapTo(Integer.class)
                .list()
                .stream()
                .flatMap(version ->
                        versions.get(handle, journey.number(), version).document().allTiles().keySet().stream())
                .collect(Collectors.toSet());
        return known.contains(tile)
                ? Optional.empty()
                : Optional.of(ProblemError.at(
                        "/tile",
                        "unknown-tile",
                        "No version of the journey has a tile '" + tile + "'"
                                + Nearest.advice(
                                        tile, journey.document().allTiles().keySet())));
    }

    private static Optional<ProblemError> unknownRuns(Handle handle, Journey journey, @Nullable List<UUID> runs) {
        if (runs == null) {
            return Optional.empty();
        }
        var unknown = new HashSet<>(runs);
        handle.createQuery("select id from run where journey_id = :journey and id = any(:runs)")
                .bind("journey", journey.number())
                .bindArray("runs", UUID.class, runs)
                .mapTo(UUID.class)
                .forEach(unknown::remove);
        return unknown.stream()
                .min(UUID::compareTo)
                .map(first -> ProblemError.at(
                        "/where/runs",
                        "unknown-run",
                        unknown.size() + " of these are no runs of '" + journey.key() + "', among them " + first));
    }

    private static long count(Handle handle, Wish wish, RunFilter.Condition condition) {
        return condition
                .bind(handle.createQuery(
                        "select count(*) from run r where r.status = any(:statuses) and " + condition.sql()))
                .bindArray("statuses", String.class, wish.statuses())
                .mapTo(Long.class)
                .one();
    }

    private static void confirm(long matching, @Nullable Long expected) {
        if (matching == 0) {
            throw Problem.invalid("/where", "nothing-fits", "No run that can be helped so fits");
        }
        if (expected == null) {
            throw Problem.invalid(
                    "/expected",
                    "not-confirmed",
                    matching + " runs fit; send `\"expected\": " + matching + "` when these are meant");
        }
        if (matching > expected) {
            throw Problem.invalid("/expected", "more-than-expected", matching + " runs fit, not " + expected);
        }
    }

    /** In the order in which whoever changes several runs locks them. */
    private static long choose(Handle handle, UUID job, Wish wish, RunFilter.Condition condition) {
        return condition
                .bind(handle.createUpdate("""
                        insert into run_intervention (job_id, no, run_id, visit)
                        select :job, row_number() over (order by r.id), r.id, case when :visit then r.visit end
                        from run r
                        where r.status = any(:statuses) and\s""" + condition.sql()))
                .bind("job", job)
                .bind("visit", wish.meansVisit())
                .bindArray("statuses", String.class, wish.statuses())
                .execute();
    }
}
