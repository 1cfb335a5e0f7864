package io.kordon.app.logging;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What libraries log by java.util.logging (Connect's REST server does), in the same format and place as all else. */
final class JavaLogging extends Handler {
    private final SimpleFormatter words = new SimpleFormatter();

    private JavaLogging() {}

    /** In place of the handlers of the JDK, which write to standard error by themselves. */
    static void join() {
        LogManager.getLogManager().reset();
        java.util.logging.Logger.getLogger("").addHandler(new JavaLogging());
    }

    @Override
    public void publish(LogRecord record) {
        Logger logger = LoggerFactory.getLogger(record.getLoggerName() == null ? "java" : record.getLoggerName());
        LoggingEventBuilder line = logger.atLevel(level(record.getLevel()));
        line.setCause(record.getThrown()).log("{}", words.formatMessage(record));
    }

    @Override
    public void flush() {
        // whoever writes the lines does
    }

    @Override
    public void close() {
        // nothing is open
    }

    private static org.slf4j.event.Level level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return org.slf4j.event.Level.ERROR;
        }
        if (value >= Level.WARNING.intValue()) {
            return org.slf4j.event.Level.WARN;
        }
        return value >= Level.INFO.intValue() ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.DEBUG;
    }
}
