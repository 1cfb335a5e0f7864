# Kordon's processes, one image: `docker run kordon:TAG gateway --set …` is `kordon gateway --set …`.
#
# `make image` builds it. By hand: first ./mvnw -Pimage package -DskipTests, which lays out image/target/layers, then
# docker build . with any base that has Java 17 on its PATH; no shell or package manager is asked of it, and nothing runs
# while the image is built. docs/image.md says the rest.
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}

# What it is for is set by BuildKit; the classic builder has to be told where it is not amd64.
ARG TARGETARCH

# Tars rather than folders: they bring owners, modes and times with them, so that the same sources make the same layers.
# Least often changed first.
ADD image/target/layers/layer-state.tar /
ADD image/target/layers/layer-native-${TARGETARCH:-amd64}.tar /
ADD image/target/layers/layer-dependencies.tar /
ADD image/target/layers/layer-rules.tar /
ADD image/target/layers/layer-kordon.tar /

# C.UTF-8: Java 17 takes the encoding of what it reads and prints from here. One line a record, for a collector of logs.
ENV LANG=C.UTF-8 KORDON_LOG_FORMAT=ecs

USER 65532:65532
WORKDIR /var/lib/kordon
VOLUME /var/lib/kordon
# Webhooks of the gateway; /livez, /readyz and /metrics of every process.
EXPOSE 8080 9090

# The flags of the file count for less than JAVA_TOOL_OPTIONS, which is the user's. Native libraries are where no process
# can write. HOME is what Java makes of a user without a name.
ENTRYPOINT ["java", "-XX:Flags=/opt/kordon/jvm.flags", "-Duser.home=/var/lib/kordon", "-Dkordon.home=/opt/kordon", "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.kordon.avro", "-Djava.library.path=/opt/kordon/native", "-Dorg.xerial.snappy.use.systemlib=true", "-jar", "/opt/kordon/kordon-app.jar"]
CMD ["--help"]

HEALTHCHECK --interval=15s --timeout=10s --start-period=90s --retries=3 \
  CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto", "-Xmx16m", "-cp", "/opt/kordon/kordon-app.jar", "io.kordon.app.Health"]

# Last, since they change with every commit.
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Kordon" \
      org.opencontainers.image.description="Joins Falco, Prometheus and Kubernetes audit events per pod in event time, scores incidents, contains them." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      io.kordon.sbom="/opt/kordon/sbom.cdx.json"
