# PostgreSQL's own image with the launcher (see nosys.c), for the services database, standby and backup.

# The major version of PostgreSQL. No other major version can read its files: docs/production.md.
ARG POSTGRES=17

# The service's build stage needs this image too, and it has a C compiler.
FROM swift:6.3-bookworm AS build
COPY nosys.c /tmp/
RUN gcc -O2 -static -o /usr/local/bin/nosys /tmp/nosys.c

FROM postgres:${POSTGRES}-bookworm
COPY --from=build /usr/local/bin/nosys /usr/local/bin/
# As `backup`, the launcher runs the mounted script /usr/local/libexec/backup.
RUN ln -s nosys /usr/local/bin/backup
# New volumes that are mounted on these folders get the same owner.
RUN install -d -o postgres -g postgres -m 700 /backups \
 && install -d -o postgres -g postgres -m 755 /metrics
ENTRYPOINT ["nosys", "docker-entrypoint.sh"]
CMD ["postgres"]
