# The image of the service. Docker 19.03's classic builder can build it.

FROM swift:6.3-bookworm AS build
# Before Docker 20.10.10, a program that starts a thread fails without this launcher: see nosys.c.
COPY deploy/images/nosys.c /tmp/
RUN gcc -O2 -static -s -o /usr/local/bin/nosys /tmp/nosys.c
SHELL ["/usr/local/bin/nosys", "/bin/sh", "-c"]
RUN apt-get -q update \
 && apt-get -q install -y --no-install-recommends libphonenumber-dev libpq-dev libsqlite3-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The loader relocates 120,000 addresses. Their list takes 3 MB, but 0.1 MB in lld's packed form (DT_RELR), which the C
# library of Debian 12 reads.
ENV BUILD="swift build --configuration release --product carrier --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -s \
    -Xlinker --no-export-dynamic -Xlinker -z -Xlinker pack-relative-relocs"

# The dependencies have their own layer, which is valid until Package.swift changes. An archive keeps the exact file
# times. A layer would round them to seconds, and the build compiles files with changed times again.
COPY Package.swift ./
COPY deploy/images/stub-sources deploy/images/
COPY Sources/CLibPQ Sources/CLibPQ
COPY Sources/CMalloc Sources/CMalloc
COPY Sources/CPhoneNumber Sources/CPhoneNumber
COPY Sources/CRevision Sources/CRevision
COPY Sources/CSQLite Sources/CSQLite
COPY Sources/CZlib Sources/CZlib
COPY Sources/Migrations/include Sources/Migrations/include
COPY Sources/Resources/include Sources/Resources/include
RUN deploy/images/stub-sources \
 && $BUILD \
 && tar --create --format=posix --file=dependencies.tar .build \
 && rm -rf .build Sources Tests

COPY Sources Sources
# The revision that `carrier --version` prints: --build-arg CARRIER_REVISION=$(git rev-parse --short=12 HEAD)
ARG CARRIER_REVISION=
RUN tar --extract --file=dependencies.tar \
 && deploy/images/stub-sources \
 && $BUILD \
 && cp "$($BUILD --show-bin-path)/carrier" /usr/local/bin/ \
 && rm -rf .build

# /image gets only what the program needs at run time. The launcher is installed under the program's name, and as nosys
# for older commands.
FROM debian:bookworm-slim AS runtime
# Another date makes the builder run the commands below again, so they install Debian's security updates:
# --build-arg PACKAGES_AS_OF=$(date +%F)
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
# The command itself times out after 3 seconds, with a message.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["carrier", "health", "--reads"]
ENTRYPOINT ["carrier"]
CMD ["serve"]
