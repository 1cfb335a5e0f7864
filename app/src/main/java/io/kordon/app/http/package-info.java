/** HTTP clients of the commands for people. */
@NullMarked
package io.kordon.app.http;

import org.jspecify.annotations.NullMarked;
