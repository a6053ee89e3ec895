# The archive without its database: compose.yaml starts both. To build: docker build --tag archive .
FROM python:3.13-slim-trixie AS packages
COPY deploy/requirements.txt /requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /requirements.txt \
    && /opt/venv/bin/pip check \
    # Nothing is installed later.
    && /opt/venv/bin/pip uninstall --yes pip

FROM python:3.13-slim-trixie
# `manage.py backup` and `restore` run PostgreSQL's own pg_dump and pg_restore: Debian's are those of version 17.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin archive
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/archive
COPY . .
# Everything that is written beside the database is written here, by root: the archive cannot change its own code.
# Neither key nor database is used for it.
RUN SECRET_KEY=of-the-build DATABASE_URL=postgresql://of@the/build python manage.py collectstatic --noinput \
    && python -m compileall -q bettelheim_site corpus_import glossary reader
USER 10001
EXPOSE 8000
# /healthz needs no database: a container is not to be restarted for another one's absence.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "bettelheim_site.wsgi"]
