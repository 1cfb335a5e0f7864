package io.kordon.gateway;

import org.jspecify.annotations.Nullable;

/** What becomes of a request, as far as its head tells. */
sealed interface Admission {
    /**
     * Taken.
     *
     * @param sender authenticated name
     * @param cluster that the request speaks of
     */
    record Admitted(String sender, String cluster) implements Admission {}

    /**
     * Not taken.
     *
     * @param sender who it is, where that is proven
     */
    record Refused(Refusal refusal, @Nullable String sender) implements Admission {
        static Refused unknown(String code, String reason) {
            return new Refused(new Refusal(401, code, null, reason), null);
        }
    }

    /** To be told when the whole body has passed through it. */
    non-sealed interface Pending extends Admission {
        void update(byte[] bytes);

        /** Ends it; never pending again. */
        Admission conclude();
    }
}
