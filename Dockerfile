# Earshot in one image for all of its roles: `earshot serve`, `earshot worker`, `earshot web`. See DOCKER.md.
#
#   docker build -t earshot .                        runs on any processor of its kind (amd64, arm64)
#   docker build -t earshot:cuda --target cuda .     and on NVIDIA's graphics cards if there is a driver

# Tags, or tags with a digest (`bookworm-slim@sha256:…`), which name one image for ever; see DOCKER.md.
ARG DEBIAN=bookworm-slim
ARG SWIFT=6.3-bookworm
ARG CUDA=12.8.1-devel-ubuntu22.04

# --- ffmpeg: Debian's source with its security updates, with only the parts that decode audio. Debian's package would add 480 MB
# --- of video, graphics and text.
FROM debian:${DEBIAN} AS ffmpeg
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources \
    && apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends dpkg-dev gcc libc6-dev make nasm pkg-config zlib1g-dev >/dev/null
WORKDIR /ffmpeg
RUN apt-get source -qq --only-source ffmpeg >/dev/null && mv ffmpeg-*/ source
WORKDIR /ffmpeg/source
# Every container format, every audio decoder (the part of the list between these two headings), only PCM encoders, no network.
RUN decoders=$(sed -n '/\/\* audio codecs \*\//,/\/\* subtitles \*\//s/.* ff_\(.*\)_decoder;.*/\1/p' libavcodec/allcodecs.c | paste -sd,) \
    && test -n "$decoders" \
    && ./configure --prefix=/ffmpeg/installed --disable-autodetect --disable-everything --disable-network --disable-avdevice \
        --disable-doc --disable-debug --disable-ffplay --enable-zlib --enable-demuxers --enable-parsers --enable-decoder="$decoders" \
        --enable-protocol=file,pipe --enable-muxer=au,wav,null --enable-encoder=pcm_s16be,pcm_s16le \
        --enable-filter=aresample,aformat,atrim,anull >/dev/null \
    && make -s -j"$(nproc)" 2>/dev/null && make -s install && strip /ffmpeg/installed/bin/*

# --- The speech engine, with a library for each family of processors.
FROM debian:${DEBIAN} AS engine
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends ca-certificates cmake g++ make python3-pip >/dev/null
WORKDIR /earshot
COPY scripts/lib.sh scripts/engine scripts/
RUN scripts/engine portable

# --- The engine's library for NVIDIA's cards; built only for the target `cuda`.
FROM nvidia/cuda:${CUDA} AS engine-cuda
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates cmake g++ make python3-pip >/dev/null
WORKDIR /earshot
COPY scripts/lib.sh scripts/engine scripts/
ARG CUDA_ARCHITECTURES=
RUN scripts/engine cuda \
    && cp -L /usr/local/cuda/lib64/libcudart.so.12 /usr/local/cuda/lib64/libcublas.so.12 /usr/local/cuda/lib64/libcublasLt.so.12 .engine/bin/

# --- The tools that build Earshot.
FROM swift:${SWIFT} AS tools
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends ca-certificates libpq-dev pkg-config zlib1g-dev >/dev/null \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /earshot
COPY --from=engine /earshot/.engine/ .engine/
COPY Package.swift ./
RUN swift package resolve
ENV PKG_CONFIG_PATH=/earshot/.engine/lib/pkgconfig

# --- The development stack (docker-compose.dev.yml), which mounts the sources.
FROM tools AS dev
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends postgresql-client rsync socat tini >/dev/null \
    && rm -rf /var/lib/apt/lists/*
COPY --from=ffmpeg /ffmpeg/installed/bin/ /usr/local/bin/
COPY --from=engine /earshot/Sources/Speech/Resources/ Sources/Speech/Resources/
COPY scripts/lib.sh scripts/dev scripts/
ENV LD_LIBRARY_PATH=/earshot/.engine/lib
ENTRYPOINT ["tini", "--", "scripts/dev"]

FROM tools AS build
COPY Sources Sources
COPY --from=engine /earshot/Sources/Speech/Resources/ Sources/Speech/Resources/
# The build folder is kept between builds of the image, so that a change takes a minute or two.
RUN --mount=type=cache,target=/earshot/.build-image,sharing=locked \
    swift build -c release --product earshot --static-swift-stdlib --scratch-path .build-image -Xlinker -s \
    && mkdir -p /installed \
    && cp -r .build-image/release/earshot .build-image/release/*.resources /installed/ \
    && cp -P .engine/lib/*.so* .engine/bin/*.so /installed/

# --- What the image consists of. The Debian packages of the same image are listed before the list itself is copied into it.
FROM debian:${DEBIAN} AS runtime
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends ca-certificates libpq5 libstdc++6 postgresql-client tini zlib1g >/dev/null \
    && rm -rf /var/lib/apt/lists/*

FROM tools AS packages
COPY --from=runtime /var/lib/dpkg/status /runtime/status
COPY scripts/engine scripts/lib.sh scripts/sbom scripts/
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 >/dev/null \
    && mkdir /sbom && scripts/sbom --debian-status /runtime/status >/sbom/sbom.cdx.json

# --- The product: the program, its engine and ffmpeg, the client library of the database and, for backups, pg_dump. No data.
FROM runtime AS cpu
RUN groupadd --gid 10001 earshot \
    && useradd --uid 10001 --gid earshot --home-dir /var/lib/earshot --no-create-home --shell /usr/sbin/nologin earshot \
    && mkdir -p /var/lib/earshot/uploads /var/lib/earshot/cache \
    && chown -R earshot:earshot /var/lib/earshot
COPY --from=ffmpeg /ffmpeg/installed/bin/ /usr/local/bin/
COPY --from=build /installed/ /usr/local/lib/earshot/
# ffmpeg is configured without --enable-gpl, so it is under the LGPL.
COPY LICENSE NOTICE /usr/local/share/doc/earshot/
COPY --from=packages /sbom/ /usr/local/share/doc/earshot/
RUN ln -s ../lib/earshot/earshot /usr/local/bin/earshot && earshot --version && ffmpeg -v error -version >/dev/null
ENV EARSHOT_DATA=/var/lib/earshot UPLOAD_DIR=/var/lib/earshot/uploads MODELS_DIR=/var/lib/earshot/cache/models \
    API_HOST=0.0.0.0 WEB_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/earshot
EXPOSE 8001 4200
ENTRYPOINT ["tini", "--", "earshot"]
CMD ["serve"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["earshot", "health", "serve"]

FROM cpu AS cuda
COPY --from=engine-cuda /earshot/.engine/bin/ /usr/local/lib/earshot/
# What NVIDIA's container runtime provides from the host.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility

# The default target of `docker build`.
FROM cpu
