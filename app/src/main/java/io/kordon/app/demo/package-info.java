/**
 * The whole path on one machine: embedded servers, a simulated Kubernetes API, every process of Kordon, and the example
 * played through the gateway as the real senders write it.
 */
@NullMarked
package io.kordon.app.demo;

import org.jspecify.annotations.NullMarked;
