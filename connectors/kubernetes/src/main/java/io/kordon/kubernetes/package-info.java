/**
 * The two doors to the Kubernetes API. The {@linkplain io.kordon.kubernetes.Inventory inventory} tells Kafka which pods
 * there are; the {@linkplain io.kordon.kubernetes.Actuator actuator} carries out containment commands, one
 * {@linkplain io.kordon.kubernetes.ContainmentStep step} after the other, and reports what it read back. Nothing is
 * touched before the live pod's UID has been compared with the command's.
 */
@NullMarked
package io.kordon.kubernetes;

import org.jspecify.annotations.NullMarked;
