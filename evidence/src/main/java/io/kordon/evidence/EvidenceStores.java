package io.kordon.evidence;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens stores by their address. */
public final class EvidenceStores {
    private static final Pattern S3 = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/.*)?)");
    private static final int LONGEST_PREFIX = 250;

    private EvidenceStores() {}

    /**
     * Opens a store. Nothing is written yet; a server is not spoken to before it is needed.
     *
     * @throws IllegalArgumentException where the address or what belongs to it is wrong
     * @throws IOException where the folder is none
     */
    public static EvidenceStore open(EvidenceConfig config, Clock clock) throws IOException {
        String address = config.store().strip();
        if (address.isEmpty()) {
            throw new IllegalArgumentException("no evidence store is named");
        }
        if (address.startsWith("s3:")) {
            return s3(config, address, clock);
        }
        if (config.lock().isPresent()) {
            throw new IllegalArgumentException(
                    "the folder " + address + " cannot lock what it keeps: object lock needs an s3:// store");
        }
        return new DirectoryEvidenceStore(folder(address), clock);
    }

    private static EvidenceStore s3(EvidenceConfig config, String address, Clock clock) {
        Matcher parts = S3.matcher(address);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + address + "' is not s3://BUCKET or s3://BUCKET/PREFIX with a bucket of S3's naming");
        }
        String prefix = parts.group(2).replaceAll("^/+|/+$", "");
        if (prefix.length() > LONGEST_PREFIX) {
            throw new IllegalArgumentException("the prefix of an evidence store has at most " + LONGEST_PREFIX
                    + " characters, not " + prefix.length());
        }
        return S3EvidenceStore.open(parts.group(1), prefix.isEmpty() ? "" : Key.checked(prefix) + "/", config, clock);
    }

    private static Path folder(String address) {
        try {
            if (address.startsWith("file:")) {
                return Path.of(URI.create(address));
            }
            if (address.contains("://")) {
                throw new IllegalArgumentException(
                        "an evidence store is a folder, file:///FOLDER or s3://BUCKET/PREFIX");
            }
            return Path.of(address);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            String reason = e instanceof InvalidPathException invalid ? invalid.getReason() : e.getMessage();
            throw new IllegalArgumentException("'" + address + "' is no evidence store: " + reason, e);
        }
    }
}
