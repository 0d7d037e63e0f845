# One image for web, worker and beat. Each RUN is a step of `make build` too, so it is tried without an engine.
FROM python:3.12-slim-bookworm AS build
WORKDIR /portal
ENV DATA_DIR=/var/tmp
COPY .ci/bootstrap .ci/bootstrap
COPY requirements.txt ./
RUN .ci/bootstrap requirements.txt
COPY . .
RUN .venv/bin/python manage.py prepare --files-only

FROM python:3.12-slim-bookworm
WORKDIR /portal
COPY --from=build /portal /portal
# A folder with the right owner: a fresh volume takes it over.
COPY --chown=10001:10001 .ci/empty /data
USER 10001
ENV BIND=0.0.0.0 DATA_DIR=/data NIS_ENV=production PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8000
CMD [".venv/bin/python", "manage.py", "start", "web"]
