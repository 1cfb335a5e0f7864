package io.kordon.kubernetes.capture;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * A program that was run in a container, and what it wrote. It may be another than its name says, write without end, or
 * never end: it is given up after its time, and after its bytes.
 *
 * @param output what it wrote to its standard output, at most the limit
 * @param end how it ended, for the manifest
 * @param failed whether it ended by itself with anything but success
 */
record Program(BoundedOutput output, String end, boolean failed) implements Closeable {
    private static final long MAX_COMPLAINT = 2048;

    /**
     * Runs it.
     *
     * @param whole by when it, and all the others, must have ended
     * @throws NotHad where it could not be started at all
     * @throws IOException where its output cannot be kept
     */
    static Program run(Scene scene, String container, List<String> command, Deadline whole)
            throws NotHad, IOException, InterruptedException {
        Deadline deadline = whole.within(scene.limits.exec());
        if (deadline.over()) {
            throw new NotHad(0, "no time was left to run it");
        }
        BoundedOutput output = new BoundedOutput(scene.limits.execBytes());
        boolean kept = false;
        try (BoundedOutput complaint = new BoundedOutput(MAX_COMPLAINT)) {
            Program program = run(scene, uri(scene, container, command), deadline, output, complaint);
            kept = true;
            return program;
        } finally {
            if (!kept) {
                output.close();
            }
        }
    }

    private static Program run(Scene scene, URI uri, Deadline deadline, BoundedOutput output, BoundedOutput complaint)
            throws NotHad, IOException, InterruptedException {
        try {
            JsonNode status = Exec.run(scene.client.getHttpClient(), uri, output, complaint, deadline);
            if (output.truncated()) {
                return new Program(output, "given up: it wrote more than is kept", false);
            }
            if (!status.isObject()) {
                return new Program(output, "the connection ended before it did", false);
            }
            boolean failed = !status.path("status").asString("").equals("Success");
            try (InputStream complaints = complaint.content()) {
                String said = status.path("message").asString("") + " "
                        + new String(complaints.readAllBytes(), StandardCharsets.UTF_8);
                return new Program(output, (failed ? "failed: " : "ended: ") + Printable.of(said, 400), failed);
            }
        } catch (TimeoutException e) {
            return new Program(output, "given up: it did not end in time", false);
        }
    }

    private static URI uri(Scene scene, String container, List<String> command) {
        StringBuilder query = new StringBuilder("?stdout=true&stderr=true&container=" + container);
        for (String part : command) {
            query.append("&command=")
                    .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return scene.api.uri(scene.subject.path() + "/exec" + query);
    }

    /** Whether there is something to keep: many a program complains of a part, and shows the rest. */
    boolean useful() {
        return output.bytes() > 0 || (!failed && end.startsWith("ended"));
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
