/**
 * The language in which segments are written, and what it means.
 *
 * <p>{@link sojourn.app.segments.language.SegmentLanguage} turns text into a {@link
 * sojourn.app.segments.language.Query} and back. A query has two meanings that must agree: {@link
 * sojourn.app.segments.language.QueryToSql} finds all its contacts, {@link
 * sojourn.app.segments.language.QueryMatcher} asks about one. {@code AgreementTest} holds text, tree, SQL and Java
 * together. {@link sojourn.app.segments.language.Explainer} says why the answer for one contact is what it is. Nothing in
 * here touches the database.
 */
@NullMarked
package sojourn.app.segments.language;

import org.jspecify.annotations.NullMarked;
