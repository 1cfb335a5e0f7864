/** The risk score: which rules matched, what each is worth, and how the worths combine. */
@NullMarked
package io.kordon.streams.scoring;

import org.jspecify.annotations.NullMarked;
