/**
 * Events as their senders' JSON: any JSON under any log source, and the formats that Kordon knows under the names that
 * rules use. The typed events of the pipeline answer what they hold themselves and ask here for the rest, so that one
 * place says what a name means. The edge of the core that knows Jackson, and nothing of Kafka.
 */
@NullMarked
package io.kordon.streams.json;

import org.jspecify.annotations.NullMarked;
