# Stands in for apicurio/apicurio-registry-mem: the same runner, for the same user, by the same variables.
FROM kordon-verify/debian:1
COPY --chown=1001:0 registry /deployments
WORKDIR /deployments
USER 1001
EXPOSE 8080
ENV JAVA_OPTIONS="-Dquarkus.http.host=0.0.0.0 -Djava.util.logging.manager=org.jboss.logmanager.LogManager"
CMD ["bash", "-c", "exec java $JAVA_OPTIONS -jar /deployments/*-runner.jar"]
