"""The last line of defence against secrets in logs: whatever looks like one is blanked before it is written."""

from __future__ import annotations

import logging
import re

PATTERN = re.compile(
    r"(?i)(?P<name>\"?(?:pass(?:word)?|token|app_key|api_?key|session_id|secret|authorization|cookie|phpsessid)\"?\s*[:=]\s*\"?)"
    r"(?P<value>[^\s\"'&,;}]+)"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def redact(text: str) -> str:
    """`text` with the values of secret-looking pairs blanked and control characters removed."""
    return CONTROL.sub(" ", PATTERN.sub(r"\g<name>***", text))


class Plain(logging.Formatter):
    """Redacts the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class Redact(logging.Filter):
    """Formats the message once, redacted, so that no handler sees the arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        return True
