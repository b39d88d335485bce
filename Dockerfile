# overshare in a container: docker run --rm -v "$PWD:/src:ro" overshare check
FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --locked --release --bin overshare

FROM debian:bookworm-slim
COPY --from=build /build/target/release/overshare /usr/local/bin/overshare
# The scanned tree belongs to somebody else than the user in here, and is only read.
RUN useradd --create-home overshare
USER overshare
WORKDIR /src
ENTRYPOINT ["overshare"]
