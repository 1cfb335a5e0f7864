/** Evidence at the terminal: what is stored, whether it is as it was sealed, copies of it, and what is on a node's volume. */
@NullMarked
package io.kordon.app.evidence;

import org.jspecify.annotations.NullMarked;
