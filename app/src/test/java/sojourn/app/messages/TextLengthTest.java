package sojourn.app.messages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextLengthTest {

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a,0,GSM-7,0,0",
                "a,160,GSM-7,160,1",
                "a,161,GSM-7,161,2",
                "ä,153,GSM-7,153,1",
                "a,306,GSM-7,306,2",
                "a,307,GSM-7,307,3",
                // Two septets, and never torn apart: 76 fit into a segment of 153.
                "€,80,GSM-7,160,1",
                "€,152,GSM-7,304,2",
                "€,153,GSM-7,306,3",
                "ж,70,UCS-2,70,1",
                "ж,71,UCS-2,71,2",
                "😀,35,UCS-2,70,1",
                "😀,66,UCS-2,132,2",
                "😀,67,UCS-2,134,3",
            })
    void segments_are_counted_as_networks_do(String letter, int times, String encoding, int units, int segments) {
        assertThat(TextLength.of(letter.repeat(times))).isEqualTo(new TextLength(encoding, units, segments));
    }
}
