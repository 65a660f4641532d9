package sojourn.app.sandbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of PostgreSQL, which our jar carries: unpacked once per version into a cache. */
final class PostgresPrograms {

    private static final int OWNER_EXECUTES = 0100;

    private PostgresPrograms() {}

    /** The directory with {@code bin/initdb}, {@code bin/pg_ctl} and {@code bin/postgres}. */
    static Path unpacked(Path cache) {
        var name = archiveName();
        try (var archive = PostgresPrograms.class.getResourceAsStream("/" + name)) {
            if (archive == null) {
                throw new SandboxException(
                        "This build carries no PostgreSQL for " + System.getProperty("os.name") + " on "
                                + System.getProperty("os.arch")
                                + ". Start a PostgreSQL 18 of your own, name it in config.yml and use `./sojourn server`.");
            }
            var content = archive.readAllBytes();
            var target = cache.resolve("postgres-" + digest(content));
            if (!Files.isDirectory(target)) {
                unpack(content, target);
            }
            return target;
        } catch (IOException failure) {
            throw new SandboxException("PostgreSQL cannot be unpacked into " + cache + ": " + failure, failure);
        }
    }

    private static String archiveName() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        var machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> System.getProperty("os.arch");
        };
        return "postgres-" + system + "-" + machine + ".txz";
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Unpacks beside the target and moves it there as a whole, so that whoever sees it sees all of it. */
    private static void unpack(byte[] content, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        var making = Files.createTempDirectory(target.getParent(), "unpacking");
        try {
            extract(content, making);
            Files.move(making, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException another) {
            if (!Files.isDirectory(target)) {
                throw another;
            }
        } finally {
            deleteTree(making);
        }
    }

    private static void extract(byte[] content, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(content)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("An entry outside of the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                    } else {
                        Files.copy(tar, file);
                        if ((entry.getMode() & OWNER_EXECUTES) != 0) {
                            makeExecutable(file);
                        }
                    }
                }
            }
        }
    }

    private static void makeExecutable(Path file) throws IOException {
        Files.setPosixFilePermissions(
                file,
                EnumSet.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.OWNER_EXECUTE,
                        PosixFilePermission.GROUP_READ,
                        PosixFilePermission.GROUP_EXECUTE,
                        PosixFilePermission.OTHERS_READ,
                        PosixFilePermission.OTHERS_EXECUTE));
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var files = Files.walk(root)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
