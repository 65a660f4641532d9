package sojourn.app.sandbox;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Json;

/**
 * The mails that were caught, in a file that only grows, but where mails are to be forgotten. A mail that {@link #append}
 * has returned for is on disk, so what the catcher says to have taken is there after any crash. The file is a row of frames:
 * length and checksum of the envelope and of the mail, four bytes each, then the envelope as JSON and the mail as it came.
 */
final class MailLog implements Closeable {

    /** Who sent a mail to whom, and where it stands in the file. */
    record Entry(long id, Envelope envelope, long position, int length) {

        boolean isForgotten() {
            return envelope.equals(Envelope.NONE);
        }
    }

    record Envelope(String from, String to, Instant receivedAt) {

        /** Stands where a mail was that is forgotten. */
        static final Envelope NONE = new Envelope("", "", Instant.EPOCH);
    }

    private static final Logger log = LoggerFactory.getLogger(MailLog.class);
    private static final int HEAD = 12;
    private static final ObjectMapper JSON = Json.mapper();

    private final Path path;
    private final List<Entry> entries = new ArrayList<>();
    private FileChannel file;

    private MailLog(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Reads what is there; what a crash left half written at the end was never acknowledged, and goes. */
    static MailLog open(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(next(path));
        var file = open(path, StandardOpenOption.CREATE);
        var mails = new MailLog(path, file);
        var end = 0L;
        try {
            while (end < file.size()) {
                end = mails.readFrame(end);
            }
        } catch (EOFException | Torn torn) {
            log.info("the last mail of {} was never taken completely and is dropped", path);
        }
        file.truncate(end);
        file.position(end);
        return mails;
    }

    /** Where it is written anew. */
    private static Path next(Path path) {
        return path.resolveSibling(path.getFileName() + ".next");
    }

    private static FileChannel open(Path path, OpenOption how) throws IOException {
        return FileChannel.open(path, how, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** A frame that is not what was meant to be written. */
    private static final class Torn extends IOException {
        private static final long serialVersionUID = 1;
    }

    private long readFrame(long start) throws IOException {
        var head = ByteBuffer.wrap(read(start, HEAD));
        var envelopeLength = head.getInt();
        var mailLength = head.getInt();
        var checksum = head.getInt();
        if (envelopeLength <= 0 || mailLength < 0 || start + HEAD + envelopeLength + mailLength > file.size()) {
            throw new Torn();
        }
        var body = read(start + HEAD, envelopeLength + mailLength);
        if (checksum(ByteBuffer.wrap(body)) != checksum) {
            throw new Torn();
        }
        var envelope = JSON.readValue(body, 0, envelopeLength, Envelope.class);
        entries.add(new Entry(entries.size() + 1L, envelope, start + HEAD + envelopeLength, mailLength));
        return start + HEAD + envelopeLength + mailLength;
    }

    /** Takes one mail for each recipient; all are on disk when this returns, or none counts. */
    synchronized void append(List<Envelope> envelopes, byte[] mail) throws IOException {
        var start = file.position();
        var added = new ArrayList<Entry>();
        try {
            for (var envelope : envelopes) {
                added.add(write(file, entries.size() + added.size() + 1L, envelope, mail));
            }
            file.force(false);
            entries.addAll(added);
        } catch (IOException failure) {
            file.truncate(start);
            file.position(start);
            throw failure;
        }
    }

    /**
     * Forgets mails: the file is written anew with nothing in their place, so that the others keep their ids, and then takes
     * the old one's name.
     */
    synchronized void forget(Predicate<Entry> forgotten) throws IOException {
        var gone = entries.stream()
                .filter(entry -> !entry.isForgotten() && forgotten.test(entry))
                .map(Entry::id)
                .collect(toSet());
        if (gone.isEmpty()) {
            return;
        }
        var next = next(path);
        Files.deleteIfExists(next);
        var written = new ArrayList<Entry>();
        var anew = open(next, StandardOpenOption.CREATE_NEW);
        try {
            for (var entry : entries) {
                written.add(
                        gone.contains(entry.id())
                                ? write(anew, entry.id(), Envelope.NONE, new byte[0])
                                : write(anew, entry.id(), entry.envelope(), content(entry)));
            }
            anew.force(false);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            anew.close();
            throw failure;
        }
        file.close();
        file = anew;
        entries.clear();
        entries.addAll(written);
    }

    /** Up to {@code limit} mails of this recipient (or of all, when empty) after or before one, in or against their order. */
    synchronized List<Entry> list(Optional<String> to, long beyond, boolean newestFirst, int limit) {
        var stream = newestFirst ? entries.reversed().stream() : entries.stream();
        return stream.filter(entry -> !entry.isForgotten())
                .filter(entry -> newestFirst ? entry.id() < beyond : entry.id() > beyond)
                .filter(entry -> to.isEmpty()
                        || entry.envelope().to().equalsIgnoreCase(to.get().strip()))
                .limit(limit)
                .toList();
    }

    synchronized Optional<Entry> find(long id) {
        return id < 1 || id > entries.size()
                ? Optional.empty()
                : Optional.of(entries.get((int) id - 1)).filter(entry -> !entry.isForgotten());
    }

    synchronized int size() {
        return (int) entries.stream().filter(entry -> !entry.isForgotten()).count();
    }

    /** As it came; of one that was found and forgotten since, nothing. */
    synchronized byte[] content(Entry found) throws IOException {
        var entry = entries.get((int) found.id() - 1);
        return read(entry.position(), entry.length());
    }

    private byte[] read(long position, int length) throws IOException {
        var bytes = new byte[length];
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes;
    }

    /** Writes a frame at the end of a file. */
    private static Entry write(FileChannel file, long id, Envelope envelope, byte[] mail) throws IOException {
        var json = JSON.writeValueAsBytes(envelope);
        var frame = ByteBuffer.allocate(HEAD + json.length + mail.length);
        frame.position(HEAD).put(json).put(mail).flip();
        frame.putInt(json.length)
                .putInt(mail.length)
                .putInt(checksum(frame.duplicate().position(HEAD)));
        var position = file.position() + HEAD + json.length;
        frame.rewind();
        while (frame.hasRemaining()) {
            file.write(frame);
        }
        return new Entry(id, envelope, position, mail.length);
    }

    private static int checksum(ByteBuffer bytes) {
        var crc = new CRC32();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
