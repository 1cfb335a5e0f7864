package io.kordon.evidence;

/**
 * Bounds, so that a pod which writes without end fills neither a disk nor a bucket.
 *
 * @param bytes of all files of one bundle
 * @param files of one bundle
 * @param spool bytes of all bundles in the making
 */
public record BundleLimits(long bytes, int files, long spool) {
    /** 1 GiB and 2,000 files a bundle, two such bundles at once. */
    public static final BundleLimits DEFAULT = ofBytes(1L << 30);

    public BundleLimits {
        if (bytes < 1 || files < 1 || spool < bytes) {
            throw new IllegalArgumentException(
                    "bounds of a bundle are at least 1, and the spool's at least a bundle's: " + bytes + " bytes, "
                            + files + " files, " + spool + " bytes of spool");
        }
    }

    /** With room for two of the largest at once. */
    public static BundleLimits ofBytes(long bytes) {
        return new BundleLimits(bytes, 2_000, Math.multiplyExact(bytes, 2L));
    }
}
