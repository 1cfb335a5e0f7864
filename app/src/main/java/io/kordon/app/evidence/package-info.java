/** Evidence at the terminal: what is stored, whether it is as it was sealed, and copies of it. */
@NullMarked
package io.kordon.app.evidence;

import org.jspecify.annotations.NullMarked;
