package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an overlay's upper folder says of a container: files that it added or changed, and whiteouts for those it deleted.
 * Folder by folder beside those of the image's layers, as the kernel puts them together. Of the layers only names are looked
 * at, never content.
 */
final class Changes {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int LONGEST_NAME = 255;

    private final Volume volume;
    private final Budget budget;
    private final Contents contents;
    private final OverlayMarks overlay;
    private final Indicators indicators;
    private final Map<Path, OverlayMarks.Marks> marks = new HashMap<>();

    Changes(Volume volume, Budget budget, Contents contents, OverlayMarks overlay, Indicators indicators) {
        this.volume = volume;
        this.budget = budget;
        this.contents = contents;
        this.overlay = overlay;
        this.indicators = indicators;
    }

    /** What a name is in the layers: whether it is there, and the folders of that name that show through. */
    private record Below(boolean there, List<Layer> folders) {
        static final Below NOTHING = new Below(false, List.of());
    }

    /**
     * All changes, by path.
     *
     * @param layers of the image, the uppermost first; none for a folder that no image is below
     */
    List<Change> of(Path upper, List<Path> layers) {
        List<Change> changes = new ArrayList<>();
        OverlayMarks.Marks own = layers.isEmpty() ? OverlayMarks.Marks.NONE : marks(upper);
        own.notes().forEach(budget::incomplete);
        walk(
                new Layer(upper, upper),
                layers.stream().map(layer -> new Layer(layer, layer)).toList(),
                own,
                changes,
                0);
        return changes;
    }

    private OverlayMarks.Marks marks(Path top) {
        return marks.computeIfAbsent(top, layer -> overlay.of(volume.root().resolve(layer)));
    }

    private void walk(Layer folder, List<Layer> layers, OverlayMarks.Marks own, List<Change> changes, int depth) {
        if (depth > budget.bounds().depth()) {
            budget.incomplete(Names.shown(folder.at()) + " lies deeper than "
                    + budget.bounds().depth() + " folders: what is in it is left out");
            return;
        }
        Volume.Listing listing;
        try {
            listing = volume.list(folder.at(), budget.entriesLeft() + 1);
        } catch (IOException e) {
            unreadable(folder.at(), e);
            return;
        }
        Set<Path> present = new HashSet<>(listing.names());
        for (Path name : listing.names()) {
            if (!budget.entry()) {
                return;
            }
            try {
                entry(folder.below(name), name, layers, own, changes, depth);
            } catch (IOException e) {
                unreadable(folder.at().resolve(name), e);
            }
        }
        boolean opaque = own.opaque(folder.inside())
                || present.stream().anyMatch(name -> name.toString().equals(OPAQUE));
        if (opaque && !listing.cut()) {
            hidden(folder, layers, present, changes);
        }
    }

    private void entry(
            Layer place, Path name, List<Layer> layers, OverlayMarks.Marks own, List<Change> changes, int depth)
            throws IOException {
        Stat stat = volume.stat(place.at()).orElse(null);
        String path = Names.shown(place.inside());
        if (stat == null) {
            budget.incomplete(Names.shown(place.at()) + " was gone when it was looked at");
            return;
        }
        Below below = below(layers, name);
        if (stat.whiteout() && !layers.isEmpty()) {
            changes.add(Change.deleted(path, below.there() ? "" : "the image has no such path"));
            return;
        }
        if (emptyMark(name, stat, layers)) {
            Path meant = Path.of(name.toString().substring(WHITEOUT.length()));
            changes.add(Change.deleted(Names.shown(place.inside().resolveSibling(meant)), ""));
            return;
        }
        if (name.toString().equals(OPAQUE) && stat.file() && stat.bytes() == 0 && !layers.isEmpty()) {
            return;
        }
        if (stat.directory()) {
            if (!below.there() || below.folders().isEmpty()) {
                changes.add(found(place, path, stat, below.there()));
            }
            walk(place, below.folders(), own, changes, depth + 1);
            return;
        }
        changes.add(found(place, path, stat, below.there()));
    }

    /**
     * Whether an empty file stands for a deleted one, as where an overlay runs without root. Only if the image has the file
     * that it names: in any other place the container itself may have made one, to be taken for this.
     */
    private boolean emptyMark(Path name, Stat stat, List<Layer> layers) throws IOException {
        String text = name.toString();
        return stat.file()
                && stat.bytes() == 0
                && text.startsWith(WHITEOUT)
                && text.length() > WHITEOUT.length()
                && !text.equals(OPAQUE)
                && below(layers, Path.of(text.substring(WHITEOUT.length()))).there();
    }

    private Change found(Layer place, String path, Stat stat, boolean there) throws IOException {
        Contents.@Nullable Content content = stat.file() ? contents.of(place.at(), stat) : null;
        boolean program = content != null && content.program();
        String sha256 = content == null ? null : content.sha256();
        return new Change(
                there ? Change.How.CHANGED : Change.How.ADDED,
                path,
                stat.kind().word(),
                stat.file() ? stat.bytes() : 0,
                "%04o".formatted(stat.mode()),
                stat.modified(),
                sha256,
                stat.mayRun() || program,
                stat.setuid(),
                stat.kind() == Stat.Kind.LINK ? Names.shown(Names.bytes(volume.link(place.at()))) : null,
                indicators.of(path, sha256),
                content == null ? "" : content.note());
    }

    private Below below(List<Layer> layers, Path name) throws IOException {
        boolean there = false;
        List<Layer> folders = new ArrayList<>();
        for (Layer layer : layers) {
            Layer place = layer.below(name);
            Stat stat = volume.stat(place.at()).orElse(null);
            if (stat == null ? emptyMark(layer, name) : stat.whiteout()) {
                break;
            }
            if (stat == null) {
                continue;
            }
            there = true;
            if (!stat.directory()) {
                break;
            }
            folders.add(place);
            if (opaque(place)) {
                break;
            }
        }
        return there ? new Below(true, folders) : Below.NOTHING;
    }

    private boolean emptyMark(Layer layer, Path name) throws IOException {
        String mark = WHITEOUT + name;
        return mark.length() <= LONGEST_NAME // with a longer one the file system answers with an error
                && mark.chars().allMatch(c -> c < 0x80)
                && volume.stat(layer.at().resolve(mark))
                        .filter(found -> found.file() && found.bytes() == 0)
                        .isPresent();
    }

    private boolean opaque(Layer place) throws IOException {
        return marks(place.top()).opaque(place.inside())
                || volume.stat(place.at().resolve(OPAQUE)).filter(Stat::file).isPresent();
    }

    /** What a folder of the container hides of the image's by replacing it. */
    private void hidden(Layer folder, List<Layer> layers, Set<Path> present, List<Change> changes) {
        Set<Path> seen = new HashSet<>(present);
        for (Layer layer : layers) {
            try {
                for (Path name :
                        volume.list(layer.at(), budget.entriesLeft() + 1).names()) {
                    if (!budget.entry()) {
                        return;
                    }
                    if (seen.add(name) && below(layers, name).there()) {
                        changes.add(
                                Change.deleted(Names.shown(folder.inside().resolve(name)), "its folder was made anew"));
                    }
                }
            } catch (IOException e) {
                unreadable(layer.at(), e);
            }
        }
    }

    private void unreadable(Path path, IOException e) {
        budget.incomplete(Names.shown(path) + " cannot be read: " + Names.printable(String.valueOf(e.getMessage())));
    }
}
