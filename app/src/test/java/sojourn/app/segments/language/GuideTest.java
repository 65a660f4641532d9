package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide shows only what can be written. */
class GuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "segment-language.md");

    private static final Path CASES = Path.of("..", "docs", "segment-meaning.md");

    /** A line of a table: a query, and whether it has Ada. */
    private static final Pattern CASE = Pattern.compile("(?m)^\\| `(.*)` \\| (yes|no) \\|$");

    /** An indented line, and those indented further, that belong to it. */
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^ {4}(?=[A-Z(])(.*(\\n {5,}.*)*)");

    @Test
    void every_case_is_as_the_page_says() throws IOException {
        var cases = CASE.matcher(Files.readString(CASES)).results().toList();

        assertThat(cases).hasSizeGreaterThan(60);
        for (var one : cases) {
            var query = SegmentLanguage.parse(one.group(1), Shop.CATALOG);
            assertThat(QueryMatcher.matches(query, MeaningTest.ADA, MeaningTest.NOW, MeaningTest.BERLIN))
                    .as(one.group(1))
                    .isEqualTo(one.group(2).equals("yes"));
        }
    }

    @Test
    void every_query_of_the_guide_is_read() throws IOException {
        var examples = EXAMPLE.matcher(Files.readString(GUIDE)).results().toList();

        assertThat(examples).hasSizeGreaterThan(20);
        for (var example : examples) {
            assertThatCode(() -> SegmentLanguage.parse(example.group(1), Shop.CATALOG))
                    .as(example.group(1))
                    .doesNotThrowAnyException();
        }
    }
}
