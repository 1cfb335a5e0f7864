/** What each process and each person needs to be allowed in Kafka: the one catalogue, and the command that shows and applies it. */
@NullMarked
package io.kordon.app.access;

import org.jspecify.annotations.NullMarked;
