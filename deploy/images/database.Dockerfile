# PostgreSQL's own image, with the launcher in front: docker/nosys.c says why. The service that keeps the
# backups has the same image.

# The major version of PostgreSQL. A file of one is not read by another: docs/production.md.
ARG POSTGRES=17

# The image that the service is built from, because it is there anyway and has a compiler.
FROM swift:6.3-bookworm AS build
COPY nosys.c /tmp/
RUN gcc -O2 -static -o /usr/local/bin/nosys /tmp/nosys.c

FROM postgres:${POSTGRES}-bookworm
COPY --from=build /usr/local/bin/nosys /usr/local/bin/
# The script is mounted in the folder where the launcher looks for what it is called by.
RUN ln -s nosys /usr/local/bin/backup
# A new volume that is mounted there has the same owner.
RUN install -d -o postgres -g postgres -m 700 /backups \
 && install -d -o postgres -g postgres -m 755 /metrics
ENTRYPOINT ["nosys", "docker-entrypoint.sh"]
CMD ["postgres"]
