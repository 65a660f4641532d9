package sojourn.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate and the authority that vouches for it, made by the JDK's own {@code keytool} and gone with the test. */
public final class Certificate {

    private static final String PASSWORD = "nothing-secret";

    private final KeyStore store;
    private final Path authority;

    private Certificate(KeyStore store, Path authority) {
        this.store = store;
        this.authority = authority;
    }

    /**
     * A certificate that is valid for a day from its start, by an authority that is valid now.
     *
     * @param name whom it is made out to
     * @param start when from, as {@code keytool} takes it: {@code -3d} is three days ago
     */
    public static Certificate of(Path directory, String name, String start) throws Exception {
        var file = Files.createTempDirectory(directory, "certificate").resolve("keys.p12");
        keytool(file, "-alias", "authority", "-dname", "CN=authority", "-ext", "bc=ca:true", "-startdate", "-1d");
        keytool(
                file,
                "-alias",
                "mail",
                "-dname",
                "CN=mail",
                "-ext",
                "san=dns:" + name,
                "-signer",
                "authority",
                "-startdate",
                start,
                "-validity",
                "1");
        var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        return new Certificate(store, pem(store, file.resolveSibling("authority.pem")));
    }

    private static void keytool(Path file, String... options) throws Exception {
        var program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = new ArrayList<>(List.of(program, "-genkeypair", "-keyalg", "EC"));
        command.addAll(List.of("-keystore", file.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(options));
        var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new AssertionError(said);
        }
    }

    private static Path pem(KeyStore store, Path file) throws GeneralSecurityException, IOException {
        var text = Base64.getMimeEncoder()
                .encodeToString(store.getCertificate("authority").getEncoded());
        return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    }

    /** What whoever trusts the authority is given, in PEM. */
    public Path authority() {
        return authority;
    }

    /** What the server speaks TLS with. */
    public SSLContext context() {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
