package io.kordon.streams.rule;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * One document of a file of rules or playbooks, cut out before it is parsed, so that broken YAML in one costs the others nothing.
 *
 * @param text the document, with the marker line that opens it
 * @param firstLine line of the file on which {@code text} begins, from 1
 */
public record YamlDocument(String text, int firstLine) {
    /** The longest document taken, in code points; the largest rules in public use have a twentieth of it. */
    static final int MOST_CODE_POINTS = 1 << 20;

    /** How deep a document may nest; Sigma itself needs 8. */
    static final int DEEPEST = 32;

    /**
     * How often collections may be repeated by alias. Nested aliases multiply: with n of them a document can unfold
     * e^(n/e)-fold, so this bounds it at about 40.
     */
    private static final int MOST_ALIASES = 10;

    static final Schema SCHEMA = new CoreSchema();

    /** The line of the file at a mark. Marks bear the first line of their document as their name. */
    static int line(Mark mark) {
        return Integer.parseInt(mark.getName()) + mark.getLine();
    }

    private static LoadSettings settings(int firstLine) {
        return LoadSettings.builder()
                .setLabel(String.valueOf(firstLine))
                .setSchema(SCHEMA)
                .setUseMarks(true)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setCodePointLimit(MOST_CODE_POINTS)
                .build();
    }

    /** Cuts a file at its {@code ---} and {@code ...} markers, which YAML lets stand in column one for nothing else. */
    public static List<YamlDocument> split(String file) {
        List<YamlDocument> documents = new ArrayList<>();
        int from = 0;
        int fromLine = 1;
        int line = 1;
        int at = 0;
        while (at < file.length()) {
            int end = file.indexOf('\n', at);
            int next = end < 0 ? file.length() : end + 1;
            boolean opens = marker(file, at, "---");
            boolean closes = marker(file, at, "...");
            if (opens || closes) {
                add(documents, file.substring(from, at), fromLine);
                from = opens ? at : next;
                fromLine = opens ? line : line + 1;
            }
            at = next;
            line++;
        }
        add(documents, file.substring(from), fromLine);
        return documents;
    }

    private static boolean marker(String file, int at, String marker) {
        int after = at + marker.length();
        return file.startsWith(marker, at) && (after == file.length() || Character.isWhitespace(file.charAt(after)));
    }

    private static void add(List<YamlDocument> documents, String text, int firstLine) {
        boolean empty = text.lines()
                .map(line -> line.startsWith("---") ? line.substring(3).strip() : line.strip())
                .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.startsWith("%"));
        if (!empty) {
            documents.add(new YamlDocument(text, firstLine));
        }
    }

    /** The document as nodes, whose marks {@link #line} understands. */
    Node compose() {
        if (text.codePointCount(0, text.length()) > MOST_CODE_POINTS) {
            throw Refusal.at(firstLine, 0, "the document is longer than " + MOST_CODE_POINTS + " characters");
        }
        try {
            LoadSettings settings = settings(firstLine);
            Parser parser = new DepthLimit(new ParserImpl(settings, new StreamReader(settings, text)));
            return new Composer(settings, parser)
                    .getSingleNode()
                    .orElseThrow(() -> Refusal.at(firstLine, 0, "the document is empty"));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            String reason = "not YAML: " + e.getProblem();
            throw mark.map(at -> Refusal.at(at, reason)).orElseGet(() -> Refusal.at(firstLine, 0, reason));
        } catch (YamlEngineException e) {
            throw Refusal.at(firstLine, 0, "not YAML: " + e.getMessage());
        }
    }

    /** The text without the marker that opens it, nor the rest of that line if it says nothing. */
    public String body() {
        if (!marker(text, 0, "---")) {
            return text;
        }
        int end = text.indexOf('\n');
        String rest = (end < 0 ? text.substring(3) : text.substring(3, end)).strip();
        return rest.isEmpty() && end >= 0 ? text.substring(end + 1) : text.substring(3);
    }

    /**
     * First 12 hexadecimal digits of the SHA-256 of a document's body, without blank lines around it and the kind of line
     * ends: the same rule has the same version wherever it is copied to.
     */
    public static String version(String body) {
        String text = body.replace("\r\n", "\n").strip();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Stops deep nesting before the composer, which recurses, meets it. */
    private static final class DepthLimit implements Parser {
        private final Parser parser;
        private int depth;

        DepthLimit(Parser parser) {
            this.parser = parser;
        }

        @Override
        public boolean checkEvent(ID choice) {
            return parser.checkEvent(choice);
        }

        @Override
        public Event peekEvent() {
            return parser.peekEvent();
        }

        @Override
        public Event next() {
            Event event = parser.next();
            ID id = event.getEventId();
            if (id == ID.MappingStart || id == ID.SequenceStart) {
                depth++;
                if (depth > DEEPEST) {
                    throw event.getStartMark()
                            .map(mark -> Refusal.at(mark, "nested deeper than " + DEEPEST))
                            .orElseGet(() -> Refusal.at(1, 0, "nested deeper than " + DEEPEST));
                }
            } else if (id == ID.MappingEnd || id == ID.SequenceEnd) {
                depth--;
            }
            return event;
        }

        @Override
        public boolean hasNext() {
            return parser.hasNext();
        }
    }
}
