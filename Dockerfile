FROM python:3.11-slim AS build
COPY requirements.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.11-slim
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 FLASHARR_DATA_DIR=/data FLASHARR_DOWNLOAD_DIR=/downloads
# Run it as the owner of your folders: `user: "1000:1000"` in compose. It never changes the owner of what it did not create.
VOLUME ["/data", "/downloads"]
EXPOSE 8484
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8484/health/live', timeout=4)"]
CMD ["python", "manage.py", "up", "--host", "0.0.0.0"]
