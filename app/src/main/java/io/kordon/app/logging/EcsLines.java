package io.kordon.app.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import co.elastic.logging.logback.EcsEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Elastic's encoder: one JSON object a line, with what stands in MDC (incident, pod, command) as fields. JSON escapes the
 * control characters of ASCII; the others that a terminal obeys are escaped here, as somebody will look at the raw lines.
 */
final class EcsLines extends EcsEncoder {
    private EcsLines() {}

    static EcsLines of(Context context, String service, String version) {
        EcsLines encoder = new EcsLines();
        encoder.setContext(context);
        encoder.setServiceName(service);
        if (!version.isEmpty()) {
            encoder.setServiceVersion(version);
        }
        encoder.start();
        return encoder;
    }

    /** What is not ASCII stands within strings, where an escape means the same. */
    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = new String(super.encode(event), StandardCharsets.UTF_8);
        StringBuilder safe = new StringBuilder(line.length());
        line.codePoints().forEach(point -> append(safe, point));
        return safe.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder line, int point) {
        boolean obeyed = switch (Character.getType(point)) {
            case Character.CONTROL -> point >= 0x7f;
            case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
        if (obeyed) {
            for (char unit : Character.toChars(point)) {
                line.append("\\u%04x".formatted((int) unit));
            }
        } else {
            line.appendCodePoint(point);
        }
    }
}
