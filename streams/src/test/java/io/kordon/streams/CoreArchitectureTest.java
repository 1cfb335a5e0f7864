package io.kordon.streams;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the line between the pure core and the Kafka edge. */
@AnalyzeClasses(packages = "io.kordon.streams", importOptions = ImportOption.DoNotIncludeTests.class)
class CoreArchitectureTest {
    private static final String[] CORE = {
        "io.kordon.streams.rule..",
        "io.kordon.streams.detection..",
        "io.kordon.streams.correlation..",
        "io.kordon.streams.incident..",
        "io.kordon.streams.scoring..",
        "io.kordon.streams.response.."
    };

    @ArchTest
    static final ArchRule CORE_KNOWS_NOTHING_OF_THE_WORLD = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "org.apache.avro..",
                    "io.kordon.avro..",
                    "io.kordon.schemas..",
                    "io.kordon.decoding..",
                    "io.confluent..",
                    "io.vertx..",
                    "java.net.http..",
                    "io.fabric8..",
                    "co.elastic..",
                    "io.micrometer..",
                    "com.fasterxml..",
                    "io.kordon.streams.json..",
                    "io.kordon.streams.topology..");

    @ArchTest
    static final ArchRule CORE_READS_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES =
            slices().matching("io.kordon.streams.(*)..").should().beFreeOfCycles();
}
