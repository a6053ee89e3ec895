"""A bare WSGI callable that returns given answers: what gunicorn makes without the archive (bench/serving.py)."""

import os
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# By path: status line, headers, bytes.
ANSWERS = pickle.loads(Path(os.environ["BARE_ANSWERS"]).read_bytes())


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Return the answer of the path."""
    status, headers, body = ANSWERS[environ["PATH_INFO"]]
    start_response(status, headers)
    return [body]
