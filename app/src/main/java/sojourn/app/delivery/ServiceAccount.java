package sojourn.app.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** A service account of Google, as the file says that its console gives out. */
record ServiceAccount(String project, String email, PrivateKey key, URI tokenUrl) {

    /** Fails when the file is not there or is none of a service account. */
    static ServiceAccount read(Path file) throws IOException, GeneralSecurityException {
        var json = new ObjectMapper().readTree(Files.readString(file));
        var project = json.path("project_id").asText();
        var email = json.path("client_email").asText();
        if (project.isEmpty() || email.isEmpty()) {
            throw new IOException("This is no key of a service account");
        }
        var pem = json.path("private_key").asText().replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            var key = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
            var tokenUrl = URI.create(json.path("token_uri").asText("https://oauth2.googleapis.com/token"));
            return new ServiceAccount(project, email, key, tokenUrl);
        } catch (IllegalArgumentException malformed) {
            throw new IOException("This is no key of a service account", malformed);
        }
    }
}
