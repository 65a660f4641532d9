package sojourn.app.delivery;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Addresses that begin alike, {@code 10.0.0.0/8}; or a single one, {@code ::1}. */
record Network(BigInteger first, int length, int bits) {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Those of a text, between spaces or commas; an {@link IllegalArgumentException} says what would fit. */
    static List<Network> list(String text) {
        return Arrays.stream(text.split("[\\s,]+"))
                .filter(each -> !each.isEmpty())
                .map(Network::parse)
                .toList();
    }

    static Network parse(String text) {
        var slash = text.indexOf('/');
        var address = slash < 0 ? text : text.substring(0, slash);
        try {
            if (!ADDRESS.matcher(address).matches()) {
                throw new IllegalArgumentException("a name");
            }
            // Never a name, so nothing is looked up.
            var bytes = InetAddress.getAllByName(address)[0].getAddress();
            var bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > bytes.length * 8) {
                throw new IllegalArgumentException("too long");
            }
            return new Network(new BigInteger(1, bytes), bytes.length * 8, bits);
        } catch (UnknownHostException | IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no network; one like 10.0.0.0/8 or ::1 would fit", malformed);
        }
    }

    boolean contains(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length * 8 == length
                && new BigInteger(1, bytes).shiftRight(length - bits).equals(first.shiftRight(length - bits));
    }
}
