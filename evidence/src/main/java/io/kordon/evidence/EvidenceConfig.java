package io.kordon.evidence;

import java.net.URI;
import java.util.Optional;

/**
 * Which store, and how to reach it.
 *
 * @param store a folder's path, {@code file:///folder} or {@code s3://bucket/prefix}
 * @param s3 what only S3 needs
 * @param lock object lock for everything that is written; empty for none
 */
public record EvidenceConfig(String store, S3 s3, Optional<ObjectLock> lock) {

    /**
     * Access to S3.
     *
     * @param endpoint another server than Amazon's
     * @param region empty for the environment's, and for {@code us-east-1} with an endpoint
     * @param accessKey empty for the SDK's own chain: environment, profile, web identity, instance
     * @param pathStyle whether the bucket stands in the path rather than in the host's name
     */
    public record S3(Optional<URI> endpoint, String region, String accessKey, String secretKey, boolean pathStyle) {
        public static final S3 DEFAULT = new S3(Optional.empty(), "", "", "", false);

        public S3 {
            if (accessKey.isEmpty() != secretKey.isEmpty()) {
                throw new IllegalArgumentException(
                        "an S3 access key needs its secret key, and the other way round; leave out both for the"
                                + " environment's credentials");
            }
        }

        @Override
        public String toString() {
            return "S3[endpoint=" + endpoint + ", region=" + region + ", accessKey=" + accessKey
                    + ", secretKey=***, pathStyle=" + pathStyle + "]";
        }
    }

    public static EvidenceConfig of(String store) {
        return new EvidenceConfig(store, S3.DEFAULT, Optional.empty());
    }
}
