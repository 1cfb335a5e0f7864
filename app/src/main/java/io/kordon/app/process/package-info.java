/**
 * The processes of an installation as commands: each reads its settings, starts one component, tells its health over HTTP
 * and runs until it is told to stop.
 */
@NullMarked
package io.kordon.app.process;

import org.jspecify.annotations.NullMarked;
