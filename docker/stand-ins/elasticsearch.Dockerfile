# Stands in for elasticsearch: its project's distribution for integration tests, which lacks some modules and `GET /`. Same
# user, folders, and settings from the environment.
FROM kordon-verify/debian:1
RUN groupadd -g 1000 elasticsearch && useradd -u 1000 -g 0 -d /usr/share/elasticsearch elasticsearch
COPY --chown=1000:0 elasticsearch /usr/share/elasticsearch
COPY elasticsearch-entrypoint /usr/local/bin/docker-entrypoint.sh
WORKDIR /usr/share/elasticsearch
RUN mkdir -p data logs && chown 1000:0 . data logs config
USER 1000:0
ENV ES_JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64
EXPOSE 9200 9300
ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]
