package sojourn.app.platform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/**
 * Parsers that refuse text which PostgreSQL cannot keep (U+0000, half a surrogate pair), names and values alike, with a
 * pointer: here, so that no feature has to think of it.
 */
final class StrictJsonFactory extends JsonFactory {

    private static final long serialVersionUID = 1;

    /** Trees of queries nest deepest, to some 430; twice as deep, reading one exhausts the stack. */
    private static final int DEEPEST = 500;

    StrictJsonFactory() {
        setStreamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
    }

    @Override
    public JsonFactory copy() {
        return new StrictJsonFactory();
    }

    @Override
    protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
        return new Strict(super._createParser(in, context));
    }

    @Override
    protected JsonParser _createParser(Reader in, IOContext context) throws IOException {
        return new Strict(super._createParser(in, context));
    }

    @Override
    protected JsonParser _createParser(char[] data, int offset, int length, IOContext context, boolean recyclable)
            throws IOException {
        return new Strict(super._createParser(data, offset, length, context, recyclable));
    }

    @Override
    protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) throws IOException {
        return new Strict(super._createParser(data, offset, length, context));
    }

    private static final class Strict extends JsonParserDelegate {

        private Strict(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            var token = super.nextToken();
            if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
                var fault = TextOnly.fault(getText());
                if (fault != null) {
                    var at = getParsingContext().pathAsPointer();
                    // A name that is no text is in no pointer either: what it is a name in is pointed at.
                    var pointed = token == JsonToken.FIELD_NAME ? at.head() : at;
                    throw Problem.invalid(pointed.toString(), "not-text", fault);
                }
            }
            return token;
        }

        /** The delegate's own would pass by {@link #nextToken}. */
        @Override
        public JsonToken nextValue() throws IOException {
            var token = nextToken();
            return token == JsonToken.FIELD_NAME ? nextToken() : token;
        }
    }
}
