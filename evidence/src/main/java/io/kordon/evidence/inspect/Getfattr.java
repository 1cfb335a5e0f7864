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
import java.util.concurrent.CompletableFuture;
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
    private static final Pattern MARK =
            Pattern.compile("(?:trusted|user)\\.overlay\\.(opaque|redirect|metacopy)=?(.*)");
    private static final String UNSEEN =
            "files of folders that were deleted and made anew may not be listed as deleted:"
                    + " that needs getfattr (package attr), and root's CAP_SYS_ADMIN";
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    private final Path program;
    private final Budget budget;

    /** Who may read attributes of the kernel's own: {@code CAP_SYS_ADMIN}, bit 21. */
    private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]{1,16})$");

    private static final int SYS_ADMIN = 21;

    private Getfattr(Path program, Budget budget) {
        this.program = program;
        this.budget = budget;
    }

    /** The program of this machine; where there is none, the report says what it cannot know. */
    static OverlayMarks orNote(Budget budget) {
        Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
        if (program.isPresent()) {
            return new Getfattr(program.orElseThrow(), budget);
        }
        return layer -> {
            budget.incomplete(UNSEEN);
            return Marks.NONE;
        };
    }

    /** Whether a process whose {@code /proc/self/status} this is sees the marks of an overlay that root made. */
    static boolean sees(String status) {
        Matcher capabilities = CAPABILITIES.matcher(status);
        return capabilities.find() && (Long.parseUnsignedLong(capabilities.group(1), 16) >> SYS_ADMIN & 1) == 1;
    }

    @Override
    public Marks of(Path layer) {
        try {
            if (!sees(Files.readString(Path.of("/proc/self/status")))) {
                budget.incomplete(UNSEEN);
            }
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
        CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        try (InputStream out = process.getInputStream()) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int n = 0; n >= 0; n = out.read(buffer)) {
                said.write(buffer, 0, n);
                if (said.size() > MOST_BYTES) {
                    throw new IOException("getfattr has too much to say");
                }
            }
            // 1 means that some attribute could not be read, as of a file that was not there any more.
            if (process.waitFor() > 1) {
                throw new IOException(
                        "getfattr ended with " + process.exitValue() + ", or was ended after " + MOST_SECONDS + " s");
            }
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
