/** Topics read and written by commands of people, rather than by processes. */
@NullMarked
package io.kordon.app.records;

import org.jspecify.annotations.NullMarked;
