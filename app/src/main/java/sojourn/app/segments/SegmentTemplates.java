package sojourn.app.segments;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;
import sojourn.app.segments.language.QueryException;

/** Templates of segments, those that are shipped and those that people have saved; and segments made of them. */
final class SegmentTemplates {

    /** A query that is right, to have everything else checked. */
    private static final String ANY_QUERY = "PROFILE(contact)";

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final SegmentEditor editor;
    private final InstantSource clock;
    private final NavigableMap<String, SegmentTemplate> shipped = ShippedTemplates.read();

    SegmentTemplates(Jdbi jdbi, Vocabulary vocabulary, SegmentEditor editor, InstantSource clock) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.editor = editor;
        this.clock = clock;
    }

    /** What a segment is to be made of, as sent. */
    record Wish(
            @Nullable String template,
            @Nullable String key,
            @Nullable String name,
            @Nullable String timeZone,
            @Nullable Map<String, Object> parameters) {}

    /** Shipped and saved ones together, by key. */
    Page<SegmentTemplate> list(@Nullable String category, @Nullable String q, @Nullable Cursor cursor, int limit) {
        var after = cursor == null ? "" : cursor.get(0);
        var saved = jdbi.withExtension(SegmentTemplateDao.class, dao -> dao.list(after, category, q, limit + 1));
        var wanted = q == null ? "" : q.toLowerCase(Locale.ROOT);
        var found = Stream.concat(
                        shipped.tailMap(after, false).values().stream()
                                .filter(template ->
                                        category == null || template.category().equals(category))
                                .filter(template -> (template.key() + " " + template.name() + " "
                                                + template.description())
                                        .toLowerCase(Locale.ROOT)
                                        .contains(wanted)),
                        saved.stream().map(SegmentTemplateDao.Row::template))
                .sorted(Comparator.comparing(SegmentTemplate::key))
                .limit(limit + 1L)
                .map(this::withMissing)
                .toList();
        return Page.of(found, limit, template -> Cursor.of(template.key()));
    }

    SegmentTemplate get(String key) {
        return find(key).map(this::withMissing).orElseThrow(() -> Problem.notFound("segment template", key));
    }

    void delete(String key, Deed deed) {
        if (shipped.containsKey(key)) {
            throw new Problem(ProblemType.WRONG_STATE, "Template " + key + " came with the program and stays");
        }
        Transactions.use(jdbi, handle -> {
            if (!handle.attach(SegmentTemplateDao.class).delete(key)) {
                throw Problem.notFound("segment template", key);
            }
            note(handle, deed, "deleted", key, Map.of());
        });
    }

    /** Makes a draft; everything that is wrong with the wish is said at once. */
    Segment make(Wish wish, Deed deed) {
        var problems = new ArrayList<ProblemError>();
        var template = find(String.valueOf(wish.template()));
        if (template.isEmpty()) {
            problems.add(unknown(wish.template()));
        }
        var query = template.map(found -> query(found, wish, problems)).orElse(ANY_QUERY);
        var segment = new NewSegment(
                wish.key(),
                wish.name() == null ? template.map(SegmentTemplate::name).orElse(null) : wish.name(),
                template.map(SegmentTemplate::description).orElse(null),
                SegmentKind.DYNAMIC.word(),
                wish.timeZone(),
                query,
                null,
                null,
                null,
                null,
                null,
                null);
        if (problems.isEmpty()) {
            return editor.create(segment, MadeFrom.template(String.valueOf(wish.template())), deed);
        }
        try {
            editor.check(segment);
        } catch (Problem more) {
            problems.addAll(more.errors());
        }
        throw Problem.invalid(problems);
    }

    private String query(SegmentTemplate template, Wish wish, List<ProblemError> problems) {
        var given = wish.parameters() == null ? Map.<String, Object>of() : wish.parameters();
        var before = problems.size();
        var literals = new TemplateValues(vocabulary.read().catalog(), template.parameters(), given).literals(problems);
        if (problems.size() > before) {
            return ANY_QUERY;
        }
        return TemplateText.of(template.query())
                .filled(name -> Objects.requireNonNull(literals.get(name), "a parameter without a declaration"));
    }

    /** Keeps a segment's query as a template, in which the values that parameters have by default are to be filled in. */
    SegmentTemplate save(String segment, NewTemplate wanted, Deed deed) {
        var found = jdbi.withHandle(handle -> SegmentReadings.find(handle, segment));
        var query = found.query();
        if (query == null) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "Segment " + found.key() + " is static; only a query can be kept as a template");
        }
        var template = wanted.check(query);
        var literals = new TemplateValues(vocabulary.read().catalog(), template.parameters(), Map.of());
        var problems = new ArrayList<ProblemError>();
        literals.literals(problems);
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        Transactions.use(jdbi, handle -> {
            var added = !shipped.containsKey(template.key())
                    && handle.attach(SegmentTemplateDao.class)
                            .add(
                                    template.key(),
                                    template.name(),
                                    template.description(),
                                    template.category(),
                                    template.query(),
                                    Columns.json(template.parameters()),
                                    clock.instant(),
                                    deed.by());
            if (!added) {
                throw new Problem(ProblemType.KEY_TAKEN, "There is a segment template " + template.key() + " already");
            }
            note(handle, deed, "created", template.key(), Map.of("segment", found.key()));
        });
        return get(template.key());
    }

    private void note(Handle handle, Deed deed, String action, String template, Map<String, Object> details) {
        var done = new AuditLog.Done(action, SegmentDeeds.TEMPLATE, template).with(details);
        AuditLog.note(handle, clock.instant(), deed, done);
    }

    private Optional<SegmentTemplate> find(String key) {
        return Optional.ofNullable(shipped.get(key))
                .or(() -> jdbi.withExtension(SegmentTemplateDao.class, dao -> dao.find(key))
                        .map(SegmentTemplateDao.Row::template));
    }

    private ProblemError unknown(@Nullable String key) {
        return key == null
                ? ProblemError.at("/template", "missing", "Name a template; GET /v1/segment-templates lists them")
                : ProblemError.at(
                        "/template",
                        "unknown-template",
                        "There is no template '" + key + "'" + Nearest.advice(key, shipped.keySet()));
    }

    /** Says what the standard values name that is not declared; and what the rest of the query does. */
    private SegmentTemplate withMissing(SegmentTemplate template) {
        var words = vocabulary.read();
        var values = new TemplateValues(words.catalog(), template.parameters(), Map.of());
        var missing = new TreeSet<>(values.missing());
        var literals = values.literals(new ArrayList<>());
        var query = TemplateText.of(template.query());
        if (missing.isEmpty() && literals.keySet().containsAll(query.parameters())) {
            try {
                words.parse(query.filled(name -> literals.getOrDefault(name, "")));
            } catch (QueryException refused) {
                refused.errors().forEach(error -> missing.add(error.detail()));
            }
        }
        return template.missing(List.copyOf(missing));
    }
}
