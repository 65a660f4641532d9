# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml config.yml ./
COPY .mvn .mvn
COPY migrations migrations
COPY workflows workflows
COPY app app
# Maven wants every module that the root names; this one is not built.
COPY benchmarks/pom.xml benchmarks/pom.xml
RUN --mount=type=cache,target=/m2 \
    mvn -q -B -Dmaven.repo.local=/m2 -Dmaven.test.skip=true -Dformat.skip=true -pl app -am package

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /opt/sojourn --shell /usr/sbin/nologin sojourn
WORKDIR /opt/sojourn
COPY sojourn config.yml ./
COPY --from=build /build/app/target/sojourn.jar app/target/sojourn.jar
USER sojourn
# Inside its own network; what is published is said where the container is started.
ENV SOJOURN_HOST=0.0.0.0 SOJOURN_ADMIN_HOST=0.0.0.0
EXPOSE 8080 8081
# Ready: the database has this version's shape and Temporal answers. Bash speaks enough HTTP for that.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=12 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/opt/sojourn/sojourn"]
CMD ["server"]
