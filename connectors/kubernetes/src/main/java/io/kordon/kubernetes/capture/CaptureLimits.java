package io.kordon.kubernetes.capture;

import java.time.Duration;

/**
 * How long a capture may take, and how much it keeps.
 *
 * @param total for the whole capture, sealing excepted
 * @param request for one question to the API server
 * @param log for reading one log
 * @param exec for one program in a container
 * @param runtime for all programs in all containers: an attacker who lets each hang must not use up the time for logs
 * @param checkpoint for one container's checkpoint
 * @param debugStart until an ephemeral container runs, its image pulled
 * @param ready until a snapshot or PodCheckpoint says that it is ready; it is not waited for any longer
 * @param execBytes most bytes kept of one program's output
 * @param objectBytes most bytes kept of one answer of the API server
 */
public record CaptureLimits(
        Duration total,
        Duration request,
        Duration log,
        Duration exec,
        Duration runtime,
        Duration checkpoint,
        Duration debugStart,
        Duration ready,
        long execBytes,
        int objectBytes) {
    public static final CaptureLimits DEFAULT = new CaptureLimits(
            Duration.ofSeconds(90), // a step has two minutes, and sealing takes some of them
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(40),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            4L * 1024 * 1024,
            8 * 1024 * 1024);

    public CaptureLimits {
        if (execBytes < 1 || objectBytes < 1) {
            throw new IllegalArgumentException(
                    "a capture that keeps no bytes is none: execBytes " + execBytes + ", objectBytes " + objectBytes);
        }
    }

    /** The same with another time for the whole. */
    public CaptureLimits within(Duration whole) {
        return new CaptureLimits(
                whole, request, log, exec, runtime, checkpoint, debugStart, ready, execBytes, objectBytes);
    }
}
