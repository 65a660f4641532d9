package sojourn.app.security;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** A key just made: the only time its text is seen. */
public record NewKey(String key, @JsonUnwrapped ApiKey record) {

    @Override
    public String toString() {
        return "NewKey[" + record.hint() + "...]";
    }
}
