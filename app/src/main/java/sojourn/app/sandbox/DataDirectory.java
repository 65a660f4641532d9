package sojourn.app.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The directory a sandbox keeps everything in. One process at a time may hold it; the system frees it when that dies. */
public final class DataDirectory implements Closeable {

    /** How often a program is started that finds its port taken by another that was quicker. */
    static final int PORT_ATTEMPTS = 4;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /** Makes the directory where it is missing and holds it, or says who does. */
    public static DataDirectory open(Path path) {
        try {
            if (!Files.exists(path)) {
                Files.createDirectories(path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            var root = path.toRealPath();
            var lockFile = root.resolve("lock");
            var lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!held(lock)) {
                var holder = Files.readString(lockFile).strip();
                lock.close();
                throw new SandboxException("Another Sojourn (process " + holder + ") is running on " + root
                        + ". Stop that one, or choose another directory with --data.");
            }
            // Through the channel that holds the lock: closing any other one on this file would give the lock up.
            lock.truncate(0);
            lock.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            return new DataDirectory(root, lock);
        } catch (IOException failure) {
            throw new SandboxException("The directory " + path + " cannot be used: " + failure, failure);
        }
    }

    private static boolean held(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    public Path root() {
        return root;
    }

    Path resolve(String name) {
        return root.resolve(name);
    }

    /**
     * The port that goes by this name: the one of the last time, at first the preferred one; another where that is
     * taken. So addresses stay the same over restarts wherever they can.
     */
    synchronized int port(String name, int preferred) {
        return port(name, preferred, 0);
    }

    /** The same, but never {@code reserved}, which someone is going to take. */
    synchronized int port(String name, int preferred, int reserved) {
        var file = root.resolve("ports.properties");
        var ports = new Properties();
        try {
            if (Files.exists(file)) {
                try (var in = Files.newBufferedReader(file)) {
                    ports.load(in);
                }
            }
            var wanted = Integer.parseInt(ports.getProperty(name, Integer.toString(preferred)));
            var others = new TreeMap<>(ports);
            others.remove(name);
            var usable = wanted != reserved && isFree(wanted) && !others.containsValue(Integer.toString(wanted));
            var port = usable ? wanted : freePort();
            ports.setProperty(name, Integer.toString(port));
            replace(
                    file,
                    new TreeMap<>(ports)
                            .entrySet().stream()
                                    .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                                    .collect(Collectors.joining()));
            return port;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The secret kept in a file that only its owner reads; made when it is not there yet. */
    String secret(String name) {
        var file = root.resolve(name);
        try {
            if (!Files.exists(file)) {
                var bytes = new byte[32];
                RANDOM.nextBytes(bytes);
                writeSecret(name, HexFormat.of().formatHex(bytes));
            }
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Keeps a secret in a file that only its owner reads. */
    Path writeSecret(String name, String secret) throws IOException {
        return replace(root.resolve(name), secret + "\n");
    }

    /** Replaces a file as a whole: a reader, and a crash, see the old content or the new. */
    private static Path replace(Path file, String content) throws IOException {
        var next = Files.createTempFile(
                file.getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, content, StandardOpenOption.SYNC);
        return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes all that is kept here. */
    void empty() throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(root.resolve("lock"))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (!visited.equals(root)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Lets another process have the directory. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
