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

    /** An indented line, and those indented further, that belong to it. */
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^ {4}(?=[A-Z(])(.*(\\n {5,}.*)*)");

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
