package io.kordon.streams.incident;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Deterministic ids: the same parts give the same id, on any machine and in any replay. */
public final class Ids {
    private Ids() {}

    /**
     * Id of the n-th incident of a pod (or other entity). Of its number, not its time: the time of the first match shifts
     * with the order of arrival, the number does not.
     */
    public static String incident(String key, @Nullable String uid, int number) {
        return "inc-" + digest(key, uid == null ? "" : uid, Integer.toString(number));
    }

    /** Id of the one command of an incident and a playbook. */
    public static String command(String incidentId, String playbook) {
        return "cmd-" + digest(incidentId, playbook);
    }

    /**
     * Id of the command that undoes what an incident did.
     *
     * @param cause the decision, or the command whose time is over
     */
    public static String release(String incidentId, String cause) {
        return "cmd-" + digest(incidentId, CommandState.RELEASE, cause);
    }

    /** Id of the match of a rule on an event, or on an alert over all of its notifications, for one correlation key. */
    public static String signal(String ruleId, String eventOrAlertId, String key) {
        return "sig-" + digest(ruleId, eventOrAlertId, key);
    }

    /** 128 bits of SHA-256 over the parts, each preceded by its length so that no two lists of parts run together. */
    public static String digest(String... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }
}
