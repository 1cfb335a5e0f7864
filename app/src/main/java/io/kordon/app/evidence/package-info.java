/** Evidence at the terminal: what was stored, and what is on the volume of a node. */
@NullMarked
package io.kordon.app.evidence;

import org.jspecify.annotations.NullMarked;
