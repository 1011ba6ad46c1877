# The image that runs the tests. It has its own file because the classic builder builds every stage of a file.

FROM swift:6.3-bookworm
COPY deploy/images/nosys.c /tmp/
RUN gcc -O2 -static -o /usr/local/bin/nosys /tmp/nosys.c
SHELL ["/usr/local/bin/nosys", "/bin/sh", "-c"]
RUN apt-get -q update \
 && apt-get -q install -y --no-install-recommends libphonenumber-dev libpq-dev libsqlite3-dev postgresql zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source

# The dependencies have their own layer: see Dockerfile.
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
 && swift build --build-tests \
 && tar --create --format=posix --file=dependencies.tar .build \
 && rm -rf .build Sources Tests

COPY Sources Sources
COPY Tests Tests
COPY docs docs
COPY scripts scripts
RUN tar --extract --file=dependencies.tar && rm dependencies.tar && swift build --build-tests
ENTRYPOINT ["nosys"]
# The store tests also run on a temporary PostgreSQL server.
CMD ["scripts/run-tests"]
