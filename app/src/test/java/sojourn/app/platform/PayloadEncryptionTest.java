package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.dropwizard.util.Duration;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import io.temporal.payload.codec.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Temporal is given of ours, and what is read of what it gives back. */
class PayloadEncryptionTest {

    private static final String A = key("a", 1);
    private static final String B = key("b", 2);

    private static final Payload PLAIN = DefaultDataConverter.STANDARD_INSTANCE
            .toPayload("win-back version 3, run 1")
            .orElseThrow();

    @Test
    void what_is_encrypted_is_read_again_and_shows_nothing_but_the_keys_id() {
        var hidden = encoded(A, PLAIN);

        assertThat(text(hidden)).doesNotContain("win-back", "json/plain");
        assertThat(hidden.getMetadataOrThrow("encoding").toStringUtf8()).isEqualTo("binary/encrypted");
        assertThat(hidden.getMetadataOrThrow("encryption-key-id").toStringUtf8())
                .isEqualTo("a");
        assertThat(decoded(A, hidden)).isEqualTo(PLAIN);
        assertThat(encoded(A, PLAIN).getData()).as("another nonce").isNotEqualTo(hidden.getData());
    }

    @Test
    void the_first_key_encrypts_and_all_decrypt() {
        var old = encoded(A, PLAIN);
        var young = encoded(B + " " + A, PLAIN);

        assertThat(young.getMetadataOrThrow("encryption-key-id").toStringUtf8()).isEqualTo("b");
        assertThat(decoded(B + " " + A, old)).isEqualTo(PLAIN);
        assertThat(decoded(A + " " + B, young)).isEqualTo(PLAIN);
    }

    @Test
    void what_was_written_plain_passes_through_and_without_keys_everything_stays_plain() {
        assertThat(decoded(A, PLAIN)).isEqualTo(PLAIN);
        assertThat(encoded(null, PLAIN)).isEqualTo(PLAIN);
        assertThat(decoded(null, PLAIN)).isEqualTo(PLAIN);
    }

    @Test
    void a_key_that_is_not_here_is_named() {
        var hidden = encoded(A, PLAIN);

        assertThatThrownBy(() -> decoded(B, hidden))
                .isInstanceOf(UnreadablePayload.class)
                .hasMessageContaining("key `a`")
                .hasMessageContaining("has b");
        assertThatThrownBy(() -> decoded(null, hidden))
                .hasMessageContaining("key `a`")
                .hasMessageContaining("no keys");
        assertThatThrownBy(() -> converter(null).fromPayload(hidden, String.class, String.class))
                .hasMessageContaining("key `a`");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11, 12, 20, -1})
    void what_was_changed_is_never_taken_for_something_else(int place) {
        var hidden = encoded(A, PLAIN);
        var bytes = hidden.getData().toByteArray();
        bytes[place < 0 ? bytes.length - 1 : place] ^= 1;

        var changed = hidden.toBuilder().setData(ByteString.copyFrom(bytes)).build();

        assertThatThrownBy(() -> decoded(A, changed))
                .isInstanceOf(UnreadablePayload.class)
                .hasMessageContaining("key `a`");
    }

    @Test
    void neither_what_was_cut_nor_what_another_key_of_that_id_encrypted_is_read() {
        var hidden = encoded(A, PLAIN);

        for (var length : List.of(0, 5, 12, 27)) {
            var cut = hidden.toBuilder()
                    .setData(hidden.getData().substring(0, length))
                    .build();
            assertThatThrownBy(() -> decoded(A, cut)).isInstanceOf(UnreadablePayload.class);
        }
        assertThatThrownBy(() -> decoded(key("a", 9), hidden)).hasMessageContaining("the key was another");
    }

    @Test
    void messages_of_failures_are_encrypted_too_and_stay_readable_where_nothing_is() {
        var failure = ApplicationFailure.newFailure("the sender of win-back is down", "Unavailable");

        var hidden = converter(A).exceptionToFailure(failure);

        assertThat(text(hidden)).doesNotContain("win-back", "PayloadEncryptionTest");
        assertThat(converter(B + " " + A).failureToException(hidden)).hasMessageContaining("win-back is down");
        assertThat(converter(null).exceptionToFailure(failure).getMessage()).contains("win-back is down");
    }

    private static Payload encoded(@Nullable String keys, Payload payload) {
        return codec(keys).encode(List.of(payload)).getFirst();
    }

    private static Payload decoded(@Nullable String keys, Payload payload) {
        return codec(keys).decode(List.of(payload)).getFirst();
    }

    private static PayloadCodec codec(@Nullable String keys) {
        return new PayloadEncryption(new EncryptionSettings(keys, null).read());
    }

    /** The one of a client that was made of settings. */
    private static DataConverter converter(@Nullable String keys) {
        var temporal = new TemporalSettings(
                        "127.0.0.1:1",
                        "default",
                        null,
                        false,
                        Duration.seconds(1),
                        new EncryptionSettings(keys, null),
                        null)
                .connect();
        try {
            return temporal.client().getOptions().getDataConverter();
        } finally {
            temporal.client().getWorkflowServiceStubs().shutdownNow();
        }
    }

    private static String text(Message message) {
        return new String(message.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String key(String id, int seed) {
        var bytes = new byte[32];
        IntStream.range(0, bytes.length).forEach(index -> bytes[index] = (byte) (seed * 31 + index));
        return id + ":" + Base64.getEncoder().encodeToString(bytes);
    }
}
