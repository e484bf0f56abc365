# One image for web, worker, beat and the delivery loop; docker-compose.yml says which is which.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/server.txt /tmp/server.txt
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/server.txt

FROM python:3.12-slim
RUN useradd --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /app /data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=cdo_portal.settings.base \
    PORTAL_DATA=/data \
    PORTAL_BIND=0.0.0.0:8000
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py ./
COPY core ./core
COPY accounts ./accounts
COPY pilots ./pilots
COPY reminders ./reminders
COPY approvals ./approvals
COPY duties ./duties
COPY reports ./reports
COPY projects ./projects
COPY officers ./officers
COPY trainings ./trainings
COPY evaluations ./evaluations
COPY cdo_portal ./cdo_portal
COPY packs ./packs
COPY templates ./templates
COPY static ./static
COPY locale ./locale
# The build needs settings that load, not real ones; nothing of these stays in the image.
RUN SECRET_KEY=build FIELD_KEYS= DATABASE_URL=postgresql://build@/build \
    python manage.py collectstatic --noinput
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "file:cdo_portal/gunicorn.py"]
