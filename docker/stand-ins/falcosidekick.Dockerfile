# Stands in for falcosecurity/falcosidekick: built from its module, where the official image has it.
FROM kordon-verify/debian:1
COPY falcosidekick /app/falcosidekick
WORKDIR /app
USER 1234
EXPOSE 2801
ENTRYPOINT ["./falcosidekick"]
