package io.kordon.evidence;

import java.net.URI;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobApiMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/** A real S3 server in this process, with its objects in memory and signatures checked. */
final class S3Server implements AutoCloseable {
    static final String ACCESS_KEY = "kordon";
    static final String SECRET_KEY = "correct horse battery staple";

    private final BlobStoreContext context;
    private final BlobStore objects;
    private final S3Proxy server;

    S3Server() {
        context = ContextBuilder.newBuilder(new TransientNio2BlobApiMetadata())
                .credentials("unused", "unused")
                .buildView(BlobStoreContext.class);
        objects = context.getBlobStore();
        server = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not start", e);
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    void create(String bucket) {
        objects.createContainerInLocation(null, bucket);
    }

    /** As somebody who may write to the bucket, past Kordon. */
    void overwrite(String bucket, String key, String content) {
        objects.putBlob(bucket, objects.blobBuilder(key).payload(content).build());
    }

    void remove(String bucket, String key) {
        objects.removeBlob(bucket, key);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not stop", e);
        }
        context.close();
    }
}
