package sojourn.app.security;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import sojourn.app.platform.SecretAnswer;
import sojourn.app.platform.Versioned;

/** A key just made: the only time its text is seen. */
public record NewKey(String key, @JsonUnwrapped ApiKey record) implements Versioned, SecretAnswer {

    @Override
    public String etag() {
        return record.etag();
    }

    @Override
    public ApiKey withoutSecret() {
        return record;
    }

    @Override
    public String toString() {
        return "NewKey[" + record.hint() + "...]";
    }
}
