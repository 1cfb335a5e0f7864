package io.kordon.streams.senders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The configurations for senders that Kordon ships, as their readers would read them. */
public final class SenderFiles {
    public static final Path FOLDER = Path.of("../senders");

    private SenderFiles() {}

    /** Every file below {@code senders/} that passes, in order. */
    public static List<Path> all(Predicate<Path> wanted) {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile).filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a YAML file, read strictly: a key that occurs twice is an error. */
    public static List<Object> documents(Path file) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setAllowDuplicateKeys(false)
                .setAllowNonScalarKeys(false)
                .build();
        List<Object> documents = new ArrayList<>();
        new Load(settings).loadAllFromString(text(file)).forEach(documents::add);
        return documents;
    }

    /** The only document of a file below {@code senders/}. */
    public static Map<?, ?> document(String file) {
        List<Object> documents = documents(FOLDER.resolve(file));
        if (documents.size() != 1) {
            throw new IllegalArgumentException(file + " has " + documents.size() + " documents");
        }
        return (Map<?, ?>) documents.get(0);
    }

    /** What is at a path of keys; an error names the key that is missing. */
    public static Object at(Map<?, ?> document, String... path) {
        Object here = document;
        for (String key : path) {
            if (!(here instanceof Map<?, ?> map) || !map.containsKey(key)) {
                throw new IllegalArgumentException("no " + key + " of " + String.join(".", path) + " in " + here);
            }
            here = map.get(key);
        }
        return here;
    }

    /** The maps of a list. */
    public static List<Map<?, ?>> maps(Object list) {
        List<Map<?, ?>> maps = new ArrayList<>();
        ((List<?>) list).forEach(each -> maps.add((Map<?, ?>) each));
        return maps;
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
