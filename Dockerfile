# The image of the service. The classic builder suffices, also that of Docker 19.03.

FROM swift:6.3-bookworm AS build
# Under engines before 20.10.10 nothing that starts a thread works without this: docker/nosys.c says why.
COPY docker/nosys.c /tmp/
RUN gcc -O2 -static -o /usr/local/bin/nosys /tmp/nosys.c
SHELL ["/usr/local/bin/nosys", "/bin/sh", "-c"]
RUN apt-get -q update \
 && apt-get -q install -y --no-install-recommends libphonenumber-dev libpq-dev libsqlite3-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source

# The dependencies in a layer of their own: it lasts until Package.swift changes. They are kept in an
# archive because a layer keeps the times of files in whole seconds, and a file whose time differs by a
# fraction is compiled again.
COPY Package.swift ./
COPY docker/stub-sources docker/
COPY Sources/CLibPQ Sources/CLibPQ
COPY Sources/CPhoneNumber Sources/CPhoneNumber
RUN docker/stub-sources \
 && swift build --configuration release --product carrier --static-swift-stdlib -Xlinker -s -Xlinker --no-export-dynamic \
 && tar --create --format=posix --file=dependencies.tar .build \
 && rm -rf .build Sources Tests

COPY Sources Sources
RUN tar --extract --file=dependencies.tar \
 && docker/stub-sources \
 && swift build --configuration release --product carrier --static-swift-stdlib -Xlinker -s -Xlinker --no-export-dynamic \
 && cp "$(swift build --configuration release --show-bin-path)/carrier" /usr/local/bin/ \
 && rm -rf .build

# What the program needs at run time, and the health check's bash, in a folder: that alone is the image.
FROM debian:bookworm-slim AS runtime
COPY --from=build /usr/local/bin/nosys /usr/local/bin/
SHELL ["/usr/local/bin/nosys", "/bin/bash", "-c"]
RUN apt-get -q update \
 && apt-get -q install -y --no-install-recommends ca-certificates libphonenumber8 libpq5 libsqlite3-0 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/carrier /usr/local/bin/
RUN set -eo pipefail \
 && mkdir /image \
 && ldd /usr/local/bin/carrier /bin/bash | sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' | sort -u \
  | xargs cp --parents --dereference --target-directory /image \
       /usr/local/bin/carrier /usr/local/bin/nosys /bin/bash /etc/passwd /etc/group /etc/nsswitch.conf \
       /etc/ssl/certs/ca-certificates.crt \
 && install -d -m 1777 /image/tmp \
 && install -d -o 10001 -g 10001 /image/data

FROM scratch
COPY --from=runtime /image /
USER 10001:10001
VOLUME /data
ENV PATH=/usr/local/bin:/bin HOST=0.0.0.0 PORT=8080 DATABASE_URL=sqlite:/data/inventory.sqlite
EXPOSE 8080
# There is no curl in the image, but bash can open a connection.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["nosys", "bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/$PORT; printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ status _ <&3; [ \"$status\" = 200 ]"]
ENTRYPOINT ["nosys", "carrier"]
CMD ["serve"]
