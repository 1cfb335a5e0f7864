package io.kordon.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folders that hold one file for each setting, as Kubernetes mounts a Secret: the file's name is the key, its content the value,
 * without the newline at its end. Names that begin with a dot are not ours: Kubernetes keeps its versions there.
 */
final class SecretFolders {
    /** Names the folders, comma-separated. */
    static final String VARIABLE = "KORDON_SECRETS";

    /** Kubernetes' own bound for a whole Secret. */
    private static final int LARGEST = 1 << 20;

    private static final int MOST_FILES = 1_000;

    private SecretFolders() {}

    /** The folders that the environment names. */
    static List<Path> named(Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault(VARIABLE, "").split(",", -1))
                .map(String::strip)
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }

    /** What a reader is told of where a value comes from. */
    static String origin(Path folder) {
        return "the secrets folder " + folder;
    }

    /**
     * Reads all of them.
     *
     * @param problems gets what is wrong, which never has a file's content
     * @return keys and values, by folder
     */
    static Map<Path, Map<String, String>> read(List<Path> folders, List<String> problems) {
        Map<Path, Map<String, String>> read = new LinkedHashMap<>();
        Map<String, Path> places = new HashMap<>();
        for (Path folder : folders.stream().distinct().toList()) {
            Map<String, String> values = new HashMap<>();
            for (Path file : files(folder, problems)) {
                String key = file.getFileName().toString();
                Path other = places.putIfAbsent(key, file);
                if (other != null) {
                    problems.add(key + " is in two folders of secrets, as " + other + " and as " + file
                            + ": one of them must go");
                    continue;
                }
                String value = isKey(key, file, problems) ? value(file, problems) : null;
                if (value != null) {
                    values.put(key, value);
                }
            }
            read.put(folder, values);
        }
        return read;
    }

    private static List<Path> files(Path folder, List<String> problems) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().startsWith(".")) {
                    files.add(entry);
                }
                if (files.size() > MOST_FILES) {
                    problems.add("the secrets folder " + folder + " holds more than " + MOST_FILES
                            + " files: is it the right one?");
                    return List.of();
                }
            }
        } catch (IOException | RuntimeException e) {
            problems.add("cannot read the secrets folder " + folder + ": " + e);
        }
        files.sort(null);
        return files;
    }

    private static boolean isKey(String name, Path file, List<String> problems) {
        List<String> known = KordonSettings.ALL.stream().map(Setting::key).toList();
        if (known.contains(name)
                || Settings.PASS_THROUGH.stream()
                        .anyMatch(section -> name.startsWith(section) && name.length() > section.length())) {
            return true;
        }
        problems.add("the file " + file + " is not named by a setting: in a secrets folder each file's name is a key,"
                + " as kordon.elasticsearch.password" + DidYouMean.suffix(name, known));
        return false;
    }

    private static @Nullable String value(Path file, List<String> problems) {
        if (!Files.isRegularFile(file)) {
            problems.add("cannot read the secret " + file + ": it is not a file");
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                problems.add("the secret " + file + " is larger than " + LARGEST + " bytes");
                return null;
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            problems.add("the secret " + file + " is not text in UTF-8");
        } catch (IOException e) {
            problems.add("cannot read the secret " + file + ": " + e);
        }
        return null;
    }
}
