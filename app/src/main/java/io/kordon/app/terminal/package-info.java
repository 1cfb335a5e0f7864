/** How what Kordon knows is shown to people and to tools, without what senders wrote steering the terminal. */
@NullMarked
package io.kordon.app.terminal;

import org.jspecify.annotations.NullMarked;
