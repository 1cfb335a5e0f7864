package io.kordon.app.demo;

import io.kordon.avro.Incident;
import java.util.List;

/** What an incident must have left in some place outside of Kafka. */
interface TraceCheck {
    /** The place, for a reader. */
    String place();

    /** What is missing, in words; nothing when all is there. */
    List<String> missing(Incident incident) throws InterruptedException;
}
