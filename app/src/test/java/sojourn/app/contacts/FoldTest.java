package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FoldTest {

    @Test
    void case_and_composition_make_no_difference() {
        assertThat(Fold.text("Zürich")).isEqualTo("zürich");
        assertThat(Fold.text("Zu\u0308RICH")).isEqualTo("zürich");
        assertThat(Fold.text("ADA")).isEqualTo("ada");
    }

    @Test
    void only_simple_lower_case_is_applied_so_that_every_code_point_stays_one() {
        assertThat(Fold.text("STRASSE")).isNotEqualTo(Fold.text("straße"));
        assertThat(Fold.text("İ")).isEqualTo("i");
        assertThat(Fold.text("ΣΑΣ")).isEqualTo("σασ");
    }

    @Test
    void code_points_beyond_the_first_plane_are_folded_too() {
        assertThat(Fold.text("𐐀x")).isEqualTo("𐐨x");
    }
}
