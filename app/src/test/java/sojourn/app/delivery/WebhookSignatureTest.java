package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /** The example of Standard Webhooks itself. */
    @Test
    void it_is_the_one_that_receivers_compute() {
        assertThat(WebhookSignature.with(SECRET)
                        .of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void while_a_secret_is_replaced_there_is_one_for_each() {
        var other = "whsec_" + "A".repeat(32);

        assertThat(WebhookSignature.with(other + " " + SECRET).of("id", 1, "{}").split(" "))
                .containsExactly(
                        WebhookSignature.with(other).of("id", 1, "{}"),
                        WebhookSignature.with(SECRET).of("id", 1, "{}"));
    }

    @Test
    void what_is_no_secret_is_refused() {
        for (var wrong : List.of("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ", "whsec_?", "")) {
            assertThatThrownBy(() -> WebhookSignature.with(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
