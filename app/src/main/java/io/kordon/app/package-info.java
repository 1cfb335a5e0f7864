/** The one executable of Kordon: a subcommand per process. */
@NullMarked
package io.kordon.app;

import org.jspecify.annotations.NullMarked;
