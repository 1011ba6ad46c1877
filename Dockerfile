# The image of the service. The classic builder suffices, also that of Docker 19.03.

FROM swift:6.3-bookworm AS build
# Under engines before 20.10.10 nothing that starts a thread works without this: docker/nosys.c says why.
COPY docker/nosys.c /tmp/
RUN gcc -O2 -static -s -o /usr/local/bin/nosys /tmp/nosys.c
SHELL ["/usr/local/bin/nosys", "/bin/sh", "-c"]
RUN apt-get -q update \
 && apt-get -q install -y --no-install-recommends libphonenumber-dev libpq-dev libsqlite3-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# Where the program is loaded is known when it is, and then 120,000 addresses in it are put right. The list of them
# takes 3 MB, or 0.1 in the form that lld can write, and that the C library of Debian 12 reads too (DT_RELR).
ENV BUILD="swift build --configuration release --product carrier --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -s \
    -Xlinker --no-export-dynamic -Xlinker -z -Xlinker pack-relative-relocs"

# The dependencies in a layer of their own: it lasts until Package.swift changes. They are kept in an
# archive because a layer keeps the times of files in whole seconds, and a file whose time differs by a
# fraction is compiled again.
COPY Package.swift ./
COPY docker/stub-sources docker/
COPY Sources/CLibPQ Sources/CLibPQ
COPY Sources/CMalloc Sources/CMalloc
COPY Sources/CPhoneNumber Sources/CPhoneNumber
COPY Sources/CRevision Sources/CRevision
COPY Sources/CSQLite Sources/CSQLite
COPY Sources/CZlib Sources/CZlib
COPY Sources/PostgresMigrations/include Sources/PostgresMigrations/include
COPY Sources/Resources/include Sources/Resources/include
COPY Sources/SQLiteMigrations/include Sources/SQLiteMigrations/include
RUN docker/stub-sources \
 && $BUILD \
 && tar --create --format=posix --file=dependencies.tar .build \
 && rm -rf .build Sources Tests

COPY Sources Sources
# What `carrier --version` tells beside the version: --build-arg CARRIER_REVISION=$(git rev-parse --short=12 HEAD)
ARG CARRIER_REVISION=
RUN tar --extract --file=dependencies.tar \
 && docker/stub-sources \
 && $BUILD \
 && cp "$($BUILD --show-bin-path)/carrier" /usr/local/bin/ \
 && rm -rf .build

# What the program needs at run time, in a folder: that alone is the image. The launcher stands under the
# program's name, and still under its own, by which it had to be called once.
FROM debian:bookworm-slim AS runtime
# A layer is kept for as long as its commands stay the same, and would keep Debian's packages as they were.
# Another day is another command, so it brings their security updates: --build-arg PACKAGES_AS_OF=$(date +%F)
ARG PACKAGES_AS_OF
COPY --from=build /usr/local/bin/nosys /usr/local/bin/
SHELL ["/usr/local/bin/nosys", "/bin/bash", "-c"]
RUN apt-get -q update && apt-get -q upgrade -y \
 && apt-get -q install -y --no-install-recommends ca-certificates libphonenumber8 libpq5 libsqlite3-0 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/carrier /usr/local/libexec/
RUN set -eo pipefail \
 && mkdir /image \
 && ldd /usr/local/libexec/carrier | sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' | sort -u \
  | xargs cp --parents --dereference --target-directory /image \
       /usr/local/libexec/carrier /etc/passwd /etc/group /etc/nsswitch.conf \
       /etc/ssl/certs/ca-certificates.crt \
 && install -D /usr/local/bin/nosys /image/usr/local/bin/carrier \
 && ln -s carrier /image/usr/local/bin/nosys \
 && install -d -m 1777 /image/tmp \
 && install -d -o 10001 -g 10001 /image/data

FROM scratch
COPY --from=runtime /image /
USER 10001:10001
VOLUME /data
ENV PATH=/usr/local/bin HOST=0.0.0.0 PORT=8080 DATABASE_URL=sqlite:/data/inventory.sqlite
EXPOSE 8080
# It gives up by itself after 3 seconds, with a sentence.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["carrier", "health", "--reads"]
ENTRYPOINT ["carrier"]
CMD ["serve"]
