package io.kordon.elasticsearch.kibana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which documents a panel speaks of, in Kibana's query language and as the query that Kibana makes of it. */
sealed interface Filter {
    Filter ALL = new And(List.of());

    String kql();

    ObjectNode query();

    Set<String> fields();

    static Filter is(String field, String... values) {
        return new Is(field, Arrays.asList(values));
    }

    static Filter above(String field, long bound) {
        return new Above(field, bound);
    }

    static Filter not(Filter filter) {
        return new Not(filter);
    }

    static Filter and(Filter... filters) {
        return new And(Arrays.asList(filters));
    }

    /** One of some values. */
    record Is(String field, List<String> values) implements Filter {
        public Is {
            values = List.copyOf(values);
            if (values.isEmpty() || values.stream().anyMatch(value -> !value.matches("[a-z0-9_. -]+"))) {
                throw new IllegalArgumentException("a filter on " + field + " needs plain values, not " + values);
            }
        }

        @Override
        public String kql() {
            return field + " : ("
                    + values.stream().map(value -> '"' + value + '"').collect(Collectors.joining(" or ")) + ")";
        }

        @Override
        public ObjectNode query() {
            ObjectNode query = JsonNodeFactory.instance.objectNode();
            ObjectNode bool = query.putObject("bool");
            ArrayNode should = bool.putArray("should");
            values.forEach(value -> should.addObject().putObject("match_phrase").put(field, value));
            bool.put("minimum_should_match", 1);
            return query;
        }

        @Override
        public Set<String> fields() {
            return Set.of(field);
        }
    }

    /** Above a number. */
    record Above(String field, long bound) implements Filter {
        @Override
        public String kql() {
            return field + " > " + bound;
        }

        @Override
        public ObjectNode query() {
            ObjectNode query = JsonNodeFactory.instance.objectNode();
            query.putObject("range").putObject(field).put("gt", bound);
            return query;
        }

        @Override
        public Set<String> fields() {
            return Set.of(field);
        }
    }

    /** The others. */
    record Not(Filter filter) implements Filter {
        @Override
        public String kql() {
            return "not (" + filter.kql() + ")";
        }

        @Override
        public ObjectNode query() {
            ObjectNode query = JsonNodeFactory.instance.objectNode();
            query.putObject("bool").set("must_not", filter.query());
            return query;
        }

        @Override
        public Set<String> fields() {
            return filter.fields();
        }
    }

    /** All of some filters; of none, everything. */
    record And(List<Filter> filters) implements Filter {
        public And {
            filters = List.copyOf(filters);
        }

        @Override
        public String kql() {
            return filters.stream().map(filter -> "(" + filter.kql() + ")").collect(Collectors.joining(" and "));
        }

        @Override
        public ObjectNode query() {
            ObjectNode query = JsonNodeFactory.instance.objectNode();
            ArrayNode all = query.putObject("bool").putArray("filter");
            filters.forEach(filter -> all.add(filter.query()));
            return query;
        }

        @Override
        public Set<String> fields() {
            Set<String> fields = new TreeSet<>();
            filters.forEach(filter -> fields.addAll(filter.fields()));
            return fields;
        }
    }
}
