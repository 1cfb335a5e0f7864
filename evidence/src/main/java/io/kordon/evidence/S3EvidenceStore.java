package io.kordon.evidence;

import io.kordon.evidence.EvidenceConfig.S3;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Bundles in a bucket of S3 or of a server that speaks its API. Objects are put on condition that nothing is there
 * ({@code If-None-Match: *}) and with a digest, which the server checks before it keeps anything.
 */
final class S3EvidenceStore implements EvidenceStore {
    private static final Logger LOG = LoggerFactory.getLogger(S3EvidenceStore.class);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** What one PUT takes. */
    private static final long LARGEST = 5L << 30;

    /** Answers of 409: the same key is being written right now. */
    private static final int MOST_CONFLICTS = 5;

    /**
     * Where a server is asked, once, what it understands: an empty object that nothing is ever read from. Asking with
     * the evidence itself will not do, as a server that refuses a header may hang up on a body that it has not read.
     */
    static final String PROBE = "=probe";

    /** What a server understands; one that does not know a header says so with 501, and not which one. */
    private enum Dialect {
        FULL,
        /** Content-MD5 in place of x-amz-checksum-sha256. */
        NO_CHECKSUM,
        /** Nor a condition that counts. */
        PLAIN
    }

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final Optional<ObjectLock> lock;
    private final Clock clock;
    private volatile @Nullable Dialect dialect;
    private volatile boolean lockSeen;

    /** Closes the client in the end. */
    private S3EvidenceStore(S3Client client, String bucket, String prefix, Optional<ObjectLock> lock, Clock clock) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        this.lock = lock;
        this.clock = clock;
    }

    static S3EvidenceStore open(String bucket, String prefix, EvidenceConfig config, Clock clock) {
        S3 s3 = config.s3();
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                // The plainest requests: not every server knows trailing checksums and signed chunks.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(s3.pathStyle())
                        .chunkedEncodingEnabled(false)
                        .build());
        s3.endpoint().ifPresent(builder::endpointOverride);
        if (!s3.region().isEmpty()) {
            builder.region(Region.of(s3.region()));
        } else if (s3.endpoint().isPresent()) {
            builder.region(Region.US_EAST_1);
        }
        if (!s3.accessKey().isEmpty()) {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())));
        }
        try {
            return new S3EvidenceStore(builder.build(), bucket, prefix, config.lock(), clock);
        } catch (SdkException e) {
            throw new IllegalArgumentException(
                    "the S3 client for " + bucket + " cannot be made: " + e.getMessage() + " (a region is needed)", e);
        }
    }

    @Override
    public boolean write(String key, Path content) throws IOException {
        String name = prefix + Key.checked(key);
        long size = Files.size(content);
        if (size > LARGEST) {
            throw new IOException(address(name) + " would have " + size + " bytes; one upload takes " + LARGEST);
        }
        checkLock();
        Dialect spoken = dialect();
        for (int conflicts = 0; ; conflicts++) {
            // Where the condition does not count, the question before narrows the gap to a race.
            if (exists(name)) {
                return false;
            }
            try {
                client.putObject(put(name, content, size, spoken), RequestBody.fromFile(content));
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return false;
                }
                if (e.statusCode() != 409 || conflicts >= MOST_CONFLICTS) {
                    throw failure("write " + address(name), e);
                }
            } catch (SdkException e) {
                throw failure("write " + address(name), e);
            }
        }
    }

    private Dialect dialect() throws IOException {
        Dialect known = dialect;
        if (known == null) {
            known = learn();
            dialect = known;
        }
        return known;
    }

    private Dialect learn() throws IOException {
        for (Dialect spoken : List.of(Dialect.FULL, Dialect.NO_CHECKSUM)) {
            try {
                // The second finds the first in its way, where the condition counts.
                probe(spoken);
                probe(spoken);
                break;
            } catch (S3Exception e) {
                if (e.statusCode() == 412 || e.statusCode() == 409) {
                    return spoken;
                }
                if (e.statusCode() != 501) {
                    throw failure("write " + address(prefix + PROBE), e);
                }
            } catch (SdkException e) {
                throw failure("write " + address(prefix + PROBE), e);
            }
        }
        LOG.warn(
                "for the S3 server of bucket {} If-None-Match does not count: of two that write one key at the same"
                        + " time the second would win",
                bucket);
        return Dialect.PLAIN;
    }

    private void probe(Dialect spoken) {
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(bucket)
                .key(prefix + PROBE)
                .contentLength(0L)
                .ifNoneMatch("*");
        if (spoken == Dialect.FULL) {
            put.checksumSHA256(base64(Digests.start().digest()));
        }
        client.putObject(put.build(), RequestBody.empty());
    }

    private PutObjectRequest put(String name, Path content, long size, Dialect spoken) throws IOException {
        PutObjectRequest.Builder put =
                PutObjectRequest.builder().bucket(bucket).key(name).contentLength(size);
        if (spoken == Dialect.FULL) {
            put.checksumSHA256(base64(Digests.raw(content)));
        } else {
            put.contentMD5(base64(Digests.md5(content)));
        }
        if (spoken != Dialect.PLAIN) {
            put.ifNoneMatch("*");
        }
        lock.ifPresent(
                held -> put.objectLockMode(ObjectLockMode.fromValue(held.mode().name()))
                        .objectLockRetainUntilDate(clock.instant().plus(held.retention())));
        return put.build();
    }

    private static String base64(byte[] digest) {
        return Base64.getEncoder().encodeToString(digest);
    }

    private boolean exists(String name) throws IOException {
        try {
            client.headObject(head -> head.bucket(bucket).key(name));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return false;
            }
            throw failure("look for " + address(name), e);
        } catch (SdkException e) {
            throw failure("look for " + address(name), e);
        }
    }

    /** A server without object lock may ignore the headers that ask for it; evidence would be less safe than believed. */
    private void checkLock() throws IOException {
        if (lock.isEmpty() || lockSeen) {
            return;
        }
        try {
            ObjectLockConfiguration found = client.getObjectLockConfiguration(request -> request.bucket(bucket))
                    .objectLockConfiguration();
            if (found == null || found.objectLockEnabled() != ObjectLockEnabled.ENABLED) {
                throw noLock("the server answered with no configuration of one", null);
            }
        } catch (S3Exception e) {
            if (e.statusCode() != 403) {
                throw noLock(reason(e), e);
            }
            LOG.warn(
                    "may not ask whether bucket {} has object lock (s3:GetBucketObjectLockConfiguration); writing with"
                            + " {} all the same",
                    bucket,
                    lock.orElseThrow().mode());
        } catch (SdkException e) {
            throw failure("ask for the object lock of bucket " + bucket, e);
        }
        lockSeen = true;
    }

    private IOException noLock(String reason, @Nullable Exception cause) {
        return new IOException(
                "bucket " + bucket + " has no object lock (" + reason + "), but "
                        + lock.map(ObjectLock::mode).orElseThrow() + " is asked for: create the bucket with object lock"
                        + " enabled, switch it on (aws s3api put-object-lock-configuration, on a bucket with"
                        + " versioning), or set no lock mode",
                cause);
    }

    @Override
    public Optional<InputStream> read(String key) throws IOException {
        String name = prefix + Key.checked(key);
        try {
            return Optional.of(client.getObject(get -> get.bucket(bucket).key(name)));
        } catch (S3Exception e) {
            if (e.statusCode() == 404 && !reason(e).contains("NoSuchBucket")) {
                return Optional.empty();
            }
            throw failure("read " + address(name), e);
        } catch (SdkException e) {
            throw failure("read " + address(name), e);
        }
    }

    @Override
    public List<Stored> list(String start) throws IOException {
        String from = prefix + Key.checkedPrefix(start);
        List<Stored> found = new ArrayList<>();
        for (ListObjectsV2Response page : pages(from, "")) {
            for (S3Object object : page.contents()) {
                if (object.key().startsWith(from) && !object.key().equals(prefix + PROBE)) {
                    found.add(
                            new Stored(object.key().substring(prefix.length()), object.size(), object.lastModified()));
                }
            }
        }
        found.sort(Comparator.comparing(Stored::key));
        return List.copyOf(found);
    }

    @Override
    public List<String> folders(String start) throws IOException {
        String from = prefix + Key.checkedPrefix(start);
        List<String> found = new ArrayList<>();
        for (ListObjectsV2Response page : pages(from, "/")) {
            for (CommonPrefix folder : page.commonPrefixes()) {
                String name = folder.prefix().substring(from.length());
                found.add(name.substring(0, name.length() - 1));
            }
        }
        return found.stream().sorted().toList();
    }

    private List<ListObjectsV2Response> pages(String from, String delimiter) throws IOException {
        ListObjectsV2Request.Builder request =
                ListObjectsV2Request.builder().bucket(bucket).prefix(from);
        if (!delimiter.isEmpty()) {
            request.delimiter(delimiter);
        }
        List<ListObjectsV2Response> pages = new ArrayList<>();
        long objects = 0;
        try {
            for (ListObjectsV2Response page : client.listObjectsV2Paginator(request.build())) {
                pages.add(page);
                objects += page.contents().size() + page.commonPrefixes().size();
                if (objects > Key.MOST_LISTED) {
                    throw new IOException("more than " + Key.MOST_LISTED + " objects below " + address(from));
                }
            }
        } catch (SdkException e) {
            throw failure("list " + address(from), e);
        }
        return pages;
    }

    @Override
    public String location(String start) {
        return address(prefix + start);
    }

    private String address(String name) {
        return "s3://" + bucket + "/" + name;
    }

    @Override
    public void close() {
        client.close();
    }

    private IOException failure(String what, SdkException e) {
        String hint = e instanceof S3Exception refused ? hint(refused) : "";
        return new IOException("cannot " + what + ": " + reason(e) + hint, e);
    }

    private static String hint(S3Exception refused) {
        return switch (refused.statusCode()) {
            case 403 ->
                "; the credentials need s3:GetObject, s3:PutObject and s3:ListBucket there, and"
                        + " s3:PutObjectRetention for an object lock";
            case 301, 307 -> "; is the region right?";
            default -> "";
        };
    }

    private static String reason(SdkException e) {
        if (e instanceof S3Exception refused && refused.awsErrorDetails() != null) {
            return refused.statusCode() + " " + refused.awsErrorDetails().errorCode() + " "
                    + Text.line(String.valueOf(refused.awsErrorDetails().errorMessage()), 300);
        }
        return Text.line(String.valueOf(e.getMessage()), 300);
    }
}
