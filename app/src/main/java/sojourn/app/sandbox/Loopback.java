package sojourn.app.sandbox;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** Keeps the sandbox's pages to this machine. */
final class Loopback {

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private Loopback() {}

    /**
     * Refuses callers from elsewhere; by the name that was asked for too, since a browser on this machine can be led
     * here under a foreign name.
     */
    static void check(HttpServletRequest request) {
        if (!NAMES.contains(request.getServerName()) || !isLoopback(request.getRemoteAddr())) {
            throw new Problem(ProblemType.NOT_FOUND, "There is nothing here");
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException impossible) {
            return false;
        }
    }
}
