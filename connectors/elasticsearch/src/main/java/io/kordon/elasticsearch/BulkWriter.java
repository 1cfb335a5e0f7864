package io.kordon.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.VersionType;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import io.kordon.elasticsearch.Document.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks which documents are there, sends the others in one bulk request, and tells of each what came of it.
 * It tries once and never waits: when to try again is its caller's to say.
 */
final class BulkWriter {
    private record Key(String index, String id) {
        static Key of(Document document) {
            return new Key(document.index(), document.id());
        }
    }

    private final ElasticsearchClient client;

    /** Streams in which a search sees whatever was written before a delivery could have been repeated. */
    private final Set<String> visible = new HashSet<>();

    BulkWriter(ElasticsearchClient client) {
        this.client = client;
    }

    /** One verdict for each document, in their order. */
    List<Verdict> write(List<Document> documents) {
        Set<Key> there;
        try {
            there = alreadyThere(documents);
        } catch (IOException | ElasticsearchException e) {
            Verdict.Later later = new Verdict.Later(Verdict.status(e), "looking for documents by id: " + e);
            return Collections.nCopies(documents.size(), later);
        }
        Iterator<Verdict> answers = send(documents.stream()
                        .filter(document -> !there.contains(Key.of(document)))
                        .toList())
                .iterator();
        List<Verdict> verdicts = new ArrayList<>(documents.size());
        for (Document document : documents) {
            verdicts.add(there.contains(Key.of(document)) ? new Verdict.Done(true) : answers.next());
        }
        return verdicts;
    }

    /** Which documents that are written once are there, in whichever backing index of their data stream. */
    private Set<Key> alreadyThere(List<Document> documents) throws IOException {
        Map<String, List<String>> created = documents.stream()
                .filter(document -> document.write() instanceof Write.Create)
                .collect(Collectors.groupingBy(Document::index, Collectors.mapping(Document::id, Collectors.toList())));
        Set<Key> there = new HashSet<>();
        for (Map.Entry<String, List<String>> stream : created.entrySet()) {
            List<String> ids = stream.getValue();
            makeVisible(stream.getKey());
            client.search(
                            search -> search.index(stream.getKey())
                                    .ignoreUnavailable(true)
                                    .allowNoIndices(true)
                                    .allowPartialSearchResults(false)
                                    .source(source -> source.fetch(false))
                                    .size(ids.size())
                                    .query(query -> query.ids(wanted -> wanted.values(ids))),
                            Void.class)
                    .hits()
                    .hits()
                    .forEach(hit -> there.add(new Key(stream.getKey(), String.valueOf(hit.id()))));
        }
        return there;
    }

    /**
     * Says that records may come for the second time: after a rebalance, or after a request whose answer was lost. What
     * was written a moment ago is found by id only after a refresh.
     */
    void expectRepeats() {
        visible.clear();
    }

    private void makeVisible(String stream) throws IOException {
        if (!visible.contains(stream)) {
            client.indices()
                    .refresh(refresh ->
                            refresh.index(stream).ignoreUnavailable(true).allowNoIndices(true));
            visible.add(stream);
        }
    }

    /**
     * A request that is refused as a whole for what it holds (400, 413) is cut in two until the document at fault stands
     * alone, so that it takes no other with it.
     */
    private List<Verdict> send(List<Document> documents) {
        if (documents.isEmpty()) {
            return List.of();
        }
        BulkResponse response;
        try {
            response = client.bulk(request(documents));
        } catch (IOException | ElasticsearchException e) {
            Verdict verdict = Verdict.ofRequest(e);
            if (verdict instanceof Verdict.Bad && documents.size() > 1) {
                return sendHalves(documents);
            }
            expectRepeats();
            return Collections.nCopies(documents.size(), verdict);
        }
        if (response.items().size() != documents.size()) {
            Verdict garbled = new Verdict.Later(
                    Verdict.NO_STATUS,
                    "the answer tells of " + response.items().size() + " documents, not of " + documents.size());
            return Collections.nCopies(documents.size(), garbled);
        }
        List<Verdict> verdicts = new ArrayList<>(documents.size());
        for (BulkResponseItem item : response.items()) {
            verdicts.add(Verdict.ofItem(item.status(), item.error()));
        }
        return verdicts;
    }

    private List<Verdict> sendHalves(List<Document> documents) {
        int middle = documents.size() / 2;
        List<Verdict> verdicts = new ArrayList<>(send(documents.subList(0, middle)));
        verdicts.addAll(send(documents.subList(middle, documents.size())));
        return verdicts;
    }

    private static BulkRequest request(List<Document> documents) {
        return BulkRequest.of(request ->
                request.operations(documents.stream().map(BulkWriter::operation).toList()));
    }

    private static BulkOperation operation(Document document) {
        if (document.write() instanceof Write.Replace replace) {
            return BulkOperation.of(operation -> operation.index(index -> index.index(document.index())
                    .id(document.id())
                    .version(replace.version())
                    .versionType(VersionType.ExternalGte)
                    .document(document.json())));
        }
        return BulkOperation.of(operation -> operation.create(
                create -> create.index(document.index()).id(document.id()).document(document.json())));
    }
}
