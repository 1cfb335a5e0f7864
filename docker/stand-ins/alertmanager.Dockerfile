# Stands in for prom/alertmanager: Debian's Alertmanager where the official image has it.
FROM kordon-verify/debian:1
RUN ln -sf /usr/bin/prometheus-alertmanager /usr/bin/alertmanager; \
    mkdir -p /etc/alertmanager /alertmanager && chown -R nobody:nogroup /etc/alertmanager /alertmanager
USER nobody
WORKDIR /alertmanager
VOLUME ["/alertmanager"]
EXPOSE 9093
ENTRYPOINT ["/bin/alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
