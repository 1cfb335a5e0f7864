package io.kordon.app.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** ElasticsearchRolesIT tries the role of one page; the API key of the other has to have just its rights. */
class SinkRightsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void apiKeyMayWhatTheRoleMay() throws IOException {
        JsonNode key = copied("connections.md", "_security/api_key").at("/role_descriptors/kordon_sink");

        assertThat(key.path("indices")).isNotEmpty();
        assertThat(key).isEqualTo(copied("kibana.md", "_security/role/kordon_sink"));
    }

    /** The JSON of the command that goes to an address. */
    private static JsonNode copied(String page, String address) throws IOException {
        String text = Files.readString(Path.of("../docs").resolve(page));
        Matcher command =
                Pattern.compile(Pattern.quote(address) + " .* -d '([^']*)'").matcher(text);
        assertThat(command.find()).as("%s has a command for %s", page, address).isTrue();
        return MAPPER.readTree(command.group(1));
    }
}
