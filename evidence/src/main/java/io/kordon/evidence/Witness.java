package io.kordon.evidence;

/**
 * What somebody else remembers of a sealed bundle, out of reach of whoever can write to the store: the incident, in Kafka.
 *
 * @param digest SHA-256 of its manifest
 * @param location its address at the time
 */
public record Witness(String digest, String location) {}
