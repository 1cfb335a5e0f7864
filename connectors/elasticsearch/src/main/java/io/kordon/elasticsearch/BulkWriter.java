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
import java.util.List;

/**
 * Sends documents in one bulk request and tells of each what came of it. It tries once and never waits: when to try again
 * is its caller's to say.
 */
final class BulkWriter {
    private final ElasticsearchClient client;

    BulkWriter(ElasticsearchClient client) {
        this.client = client;
    }

    /**
     * One verdict for each document, in their order. A request that is refused as a whole for what it holds (400, 413) is
     * cut in two until the document at fault stands alone, so that it takes no other with it.
     */
    List<Verdict> write(List<Document> documents) {
        if (documents.isEmpty()) {
            return List.of();
        }
        BulkResponse response;
        try {
            response = client.bulk(request(documents));
        } catch (IOException | ElasticsearchException e) {
            Verdict verdict = Verdict.ofRequest(e);
            if (verdict instanceof Verdict.Bad && documents.size() > 1) {
                return writeHalves(documents);
            }
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

    private List<Verdict> writeHalves(List<Document> documents) {
        int middle = documents.size() / 2;
        List<Verdict> verdicts = new ArrayList<>(write(documents.subList(0, middle)));
        verdicts.addAll(write(documents.subList(middle, documents.size())));
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
