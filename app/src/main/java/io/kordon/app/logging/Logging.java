package io.kordon.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import io.kordon.app.config.SettingsException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The format and the level that the environment asks for. By variables and not by settings, because what goes wrong with
 * the settings is logged, too.
 */
public final class Logging {
    static final String FORMAT = "KORDON_LOG_FORMAT";
    static final String LEVEL = "KORDON_LOG_LEVEL";
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private Logging() {}

    /** What a line of the log is. */
    public enum Format {
        TEXT,
        ECS
    }

    /**
     * Sets what this process logs with.
     *
     * @param service the process, as {@code kordon-gateway}
     * @return the format
     * @throws SettingsException naming the variable, where a value is none that it may have
     */
    public static Format configure(Map<String, String> environment, String service) {
        List<String> problems = new ArrayList<>();
        String format = environment.getOrDefault(FORMAT, "").strip().toLowerCase(Locale.ROOT);
        if (!List.of("", "text", "ecs").contains(format)) {
            problems.add(
                    FORMAT + " is '" + environment.get(FORMAT) + "' (from the environment): text or ecs is needed");
        }
        String level = environment.getOrDefault(LEVEL, "").strip().toUpperCase(Locale.ROOT);
        if (!level.isEmpty() && !LEVELS.contains(level)) {
            problems.add(LEVEL + " is '" + environment.get(LEVEL) + "' (from the environment): one of " + LEVELS
                    + " is needed");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("io.kordon").setLevel(Level.toLevel(level, Level.INFO));
            JavaLogging.join();
            if (format.equals("ecs")) {
                writeEcs(context, service);
            }
        }
        return format.equals("ecs") ? Format.ECS : Format.TEXT;
    }

    private static void writeEcs(LoggerContext context, String service) {
        Iterator<Appender<ILoggingEvent>> appenders =
                context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
        while (appenders.hasNext()) {
            if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
                appender.stop();
                appender.setEncoder(EcsLines.of(context, service, version()));
                appender.start();
            }
        }
    }

    private static String version() {
        return Objects.requireNonNullElse(Logging.class.getPackage().getImplementationVersion(), "");
    }
}
