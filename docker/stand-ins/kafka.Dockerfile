# Stands in for apache/kafka: the broker's jars of the build, started by the class that the official image starts, which turns
# KAFKA_* into server.properties and formats the storage. Same user id, folders and command.
FROM kordon-verify/debian:1
RUN groupadd -g 1000 appuser && useradd -u 1000 -g 1000 -m appuser \
 && mkdir -p /etc/kafka/docker /mnt/shared/config /opt/kafka/config /opt/kafka/logs /var/lib/kafka/data \
 && chown -R appuser:appuser /etc/kafka /mnt/shared/config /opt/kafka /var/lib/kafka
COPY lib /opt/kafka/libs
COPY --chown=1000:1000 kafka /etc/kafka/docker
USER appuser
VOLUME ["/var/lib/kafka/data"]
EXPOSE 9092
CMD ["/etc/kafka/docker/run"]
