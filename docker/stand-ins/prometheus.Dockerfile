# Stands in for prom/prometheus: Debian's Prometheus where the official image has it.
FROM kordon-verify/debian:1
RUN ln -s /usr/bin/prometheus /usr/bin/promtool /bin/ 2>/dev/null || true; \
    mkdir -p /prometheus && chown -R nobody:nogroup /etc/prometheus /prometheus
USER nobody
WORKDIR /prometheus
VOLUME ["/prometheus"]
EXPOSE 9090
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
