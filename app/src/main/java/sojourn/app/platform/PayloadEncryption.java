package sojourn.app.platform;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts payloads with AES-256-GCM, each under the first key and with a nonce of its own, and opens those of all keys.
 * What was not encrypted passes through. The form is the one of the codecs in Temporal's own samples, so that workers in
 * other languages can read ours with them: the whole payload, encrypted, behind its nonce of 12 bytes.
 */
final class PayloadEncryption implements PayloadCodec {

    static final String ENCODING = "encoding";
    static final String ENCRYPTED = "binary/encrypted";
    static final String KEY_ID = "encryption-key-id";
    private static final String CIPHER_NAME = "encryption-cipher";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final PayloadKeys keys;
    private final SecureRandom random = new SecureRandom();

    PayloadEncryption(PayloadKeys keys) {
        this.keys = keys;
    }

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        var id = keys.first().orElse("");
        var key = keys.find(id);
        return key == null
                ? payloads
                : payloads.stream().map(payload -> encrypted(payload, id, key)).toList();
    }

    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return payloads.stream()
                .map(payload -> isEncrypted(payload) ? decrypted(payload) : payload)
                .toList();
    }

    static boolean isEncrypted(Payload payload) {
        return metadata(payload, ENCODING).equals(ENCRYPTED);
    }

    private Payload encrypted(Payload payload, String id, SecretKey key) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(payload.toByteArray());
            return Payload.newBuilder()
                    .putMetadata(ENCODING, ByteString.copyFromUtf8(ENCRYPTED))
                    .putMetadata(CIPHER_NAME, ByteString.copyFromUtf8(CIPHER))
                    .putMetadata(KEY_ID, ByteString.copyFromUtf8(id))
                    .setData(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(sealed)))
                    .build();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Payload decrypted(Payload payload) {
        var id = metadata(payload, KEY_ID);
        var key = keys.find(id);
        if (key == null) {
            throw new UnreadablePayload(
                    "missing-key",
                    "This was encrypted with the key `" + id + "`, which is not here; temporal.encryption has "
                            + (keys.ids().isEmpty() ? "no keys" : String.join(", ", keys.ids())));
        }
        var data = payload.getData();
        if (data.size() < NONCE_BYTES) {
            throw notDecryptable(id);
        }
        try {
            var nonce = data.substring(0, NONCE_BYTES).toByteArray();
            var sealed = data.substring(NONCE_BYTES).toByteArray();
            return Payload.parseFrom(cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(sealed));
        } catch (GeneralSecurityException | InvalidProtocolBufferException other) {
            throw notDecryptable(id);
        }
    }

    private static UnreadablePayload notDecryptable(String id) {
        return new UnreadablePayload(
                "not-decryptable",
                "This names the key `" + id + "`, but the one of that id here does not open it: the key was another,"
                        + " or the payload has been changed");
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private static String metadata(Payload payload, String name) {
        return payload.getMetadataOrDefault(name, ByteString.EMPTY).toString(StandardCharsets.UTF_8);
    }
}
