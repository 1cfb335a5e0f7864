package io.kordon.app.logging;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.kordon.app.terminal.PrintableText;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A line for a person. What senders wrote can neither forge a line nor be obeyed by a terminal: control characters are
 * dots, and of a stack trace, whose messages may hold line breaks, every line is indented.
 */
public final class TextLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);
    private static final int LOGGER_WIDTH = 30;
    private static final String INDENT = "    ";

    private final TargetLengthBasedClassNameAbbreviator names = new TargetLengthBasedClassNameAbbreviator(LOGGER_WIDTH);

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        TIME.formatTo(event.getInstant(), line);
        line.append(' ').append("%-5s".formatted(event.getLevel()));
        line.append(" [").append(PrintableText.of(event.getThreadName())).append("] ");
        line.append(names.abbreviate(event.getLoggerName())).append(' ');
        line.append(PrintableText.of(String.valueOf(event.getFormattedMessage())));
        event.getMDCPropertyMap()
                .forEach((name, value) ->
                        line.append(' ').append(name).append('=').append(PrintableText.of(String.valueOf(value))));
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            ThrowableProxyUtil.asString(event.getThrowableProxy())
                    .lines()
                    .map(each -> PrintableText.of(each.replace("\t", INDENT)))
                    .forEach(each -> line.append(INDENT).append(each).append('\n'));
        }
        return line.toString();
    }
}
