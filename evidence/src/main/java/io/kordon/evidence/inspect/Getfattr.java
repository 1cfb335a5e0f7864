package io.kordon.evidence.inspect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Marks as the program {@code getfattr} reads them. Java sees only attributes that users may set; overlayfs keeps its own
 * where only root may. One run per layer, which neither follows links nor opens files; its output and time are bounded.
 */
final class Getfattr implements OverlayMarks {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/getfattr"), Path.of("/bin/getfattr"));
    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_SECONDS = 120;
    private static final Pattern MARK = Pattern.compile("(?:trusted|user)\\.overlay\\.(opaque|redirect|metacopy)=?(.*)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    private final Path program;
    private final Budget budget;

    private Getfattr(Path program, Budget budget) {
        this.program = program;
        this.budget = budget;
    }

    /** The program of this machine; where there is none, the report says what it cannot know. */
    static OverlayMarks orNote(Budget budget) {
        Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
        if (program.isPresent()) {
            return new Getfattr(program.get(), budget);
        }
        return layer -> {
            budget.incomplete("files of folders that were deleted and made anew are not listed as deleted: install"
                    + " getfattr (package attr) and run as root");
            return Marks.NONE;
        };
    }

    @Override
    public Marks of(Path layer) {
        try {
            return parse(layer, run(layer));
        } catch (IOException e) {
            budget.incomplete("overlay marks of " + Names.printable(layer.toString()) + " cannot be read: "
                    + Names.printable(String.valueOf(e.getMessage())));
            return Marks.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            budget.incomplete("interrupted");
            return Marks.NONE;
        }
    }

    private String run(Path layer) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--recursive",
                        "--physical",
                        "--no-dereference",
                        "--absolute-names",
                        "--encoding=hex",
                        "--match=^(trusted|user)\\.overlay\\.(opaque|redirect|metacopy)$",
                        "--dump",
                        "--",
                        layer.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        Process process = builder.start();
        try (InputStream out = process.getInputStream()) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
            for (int n = 0; n >= 0; n = out.read(buffer)) {
                said.write(buffer, 0, n);
                if (said.size() > MOST_BYTES || System.nanoTime() - deadline > 0) {
                    throw new IOException("getfattr has too much to say");
                }
            }
            process.waitFor();
            return said.toString(StandardCharsets.ISO_8859_1);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Reads a dump: {@code # file: PATH}, then a line per attribute, then an empty line. Bytes are one per character. */
    static Marks parse(Path layer, String dump) {
        String top = Names.bytes(layer);
        Set<String> opaque = new HashSet<>();
        Set<String> notes = new HashSet<>();
        String at = null;
        for (String line : dump.split("\n", -1)) {
            if (line.startsWith("# file: ")) {
                String path = unquoted(line.substring(8));
                at = path.equals(top) ? "" : path.startsWith(top + "/") ? path.substring(top.length() + 1) : null;
            }
            Matcher mark = MARK.matcher(line);
            if (at == null || !mark.matches()) {
                continue;
            }
            if (!mark.group(1).equals("opaque")) {
                notes.add(Names.shown("/" + at) + " has an overlay mark of the kind " + mark.group(1)
                        + ": its content or its image's name lies elsewhere");
            } else if (mark.group(2).equals("0x79")) {
                opaque.add(at);
            }
        }
        return new Marks(opaque, notes);
    }

    private static String unquoted(String quoted) {
        return ESCAPE.matcher(quoted)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 8))));
    }
}
