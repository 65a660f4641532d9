package sojourn.app.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Json;

/**
 * The mails that were caught, in a file that only grows. A mail that {@link #append} has returned for is on disk, so
 * what the catcher says to have taken is there after any crash. The file is a row of frames: length and checksum of the
 * envelope and of the mail, four bytes each, then the envelope as JSON and the mail as it came.
 */
final class MailLog implements Closeable {

    /** Who sent a mail to whom, and where it stands in the file. */
    record Entry(long id, Envelope envelope, long position, int length) {}

    record Envelope(String from, String to, Instant receivedAt) {}

    private static final Logger log = LoggerFactory.getLogger(MailLog.class);
    private static final int HEAD = 12;
    private static final ObjectMapper JSON = Json.mapper();

    private final FileChannel file;
    private final List<Entry> entries = new ArrayList<>();

    private MailLog(FileChannel file) {
        this.file = file;
    }

    /** Reads what is there; what a crash left half written at the end was never acknowledged, and goes. */
    static MailLog open(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var mails = new MailLog(file);
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
                var json = JSON.writeValueAsBytes(envelope);
                var frame = ByteBuffer.allocate(HEAD + json.length + mail.length);
                frame.position(HEAD).put(json).put(mail).flip();
                frame.putInt(json.length)
                        .putInt(mail.length)
                        .putInt(checksum(frame.duplicate().position(HEAD)));
                var position = file.position() + HEAD + json.length;
                write(frame.rewind());
                added.add(new Entry(entries.size() + added.size() + 1L, envelope, position, mail.length));
            }
            file.force(false);
            entries.addAll(added);
        } catch (IOException failure) {
            file.truncate(start);
            file.position(start);
            throw failure;
        }
    }

    /** Up to {@code limit} mails of this recipient (or of all, when empty) after or before one, in or against their order. */
    synchronized List<Entry> list(Optional<String> to, long beyond, boolean newestFirst, int limit) {
        var stream = newestFirst ? entries.reversed().stream() : entries.stream();
        return stream.filter(entry -> newestFirst ? entry.id() < beyond : entry.id() > beyond)
                .filter(entry -> to.isEmpty()
                        || entry.envelope().to().equalsIgnoreCase(to.get().strip()))
                .limit(limit)
                .toList();
    }

    synchronized Optional<Entry> find(long id) {
        return id < 1 || id > entries.size() ? Optional.empty() : Optional.of(entries.get((int) id - 1));
    }

    synchronized int size() {
        return entries.size();
    }

    byte[] content(Entry entry) throws IOException {
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

    private void write(ByteBuffer frame) throws IOException {
        while (frame.hasRemaining()) {
            file.write(frame);
        }
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
