"""Runs inside the root of a Debian that has Pagure: an empty forge with one user, one token and one project, served over HTTP.

``python3 inside.py FOLDER PORT PORT-OF-REDIS``; FOLDER is empty but for this file. It prints the token when the project is there,
and serves until it is killed. Pagure is there in that root alone, so nothing of it is known here.
"""

import datetime
import os
import sys
from importlib import import_module
from typing import Any

CONFIG = """
SECRET_KEY = SALT_EMAIL = "of a test"
DB_URL = "sqlite:///{folder}/pagure.sqlite"
APP_URL = "http://127.0.0.1:{port}/"
GIT_URL_GIT = "http://127.0.0.1:{port}/"
GIT_FOLDER = "{folder}/repositories"
DOCS_FOLDER = TICKETS_FOLDER = REQUESTS_FOLDER = None
REMOTE_GIT_FOLDER = "{folder}/remotes"
ATTACHMENTS_FOLDER = UPLOAD_FOLDER_PATH = "{folder}/uploads"
UPLOAD_FOLDER_URL = "/releases/"
GIT_AUTH_BACKEND = "pagure"
HTTP_REPO_ACCESS_GITOLITE = None
ALLOW_HTTP_PULL_PUSH = ALLOW_HTTP_PUSH = True
PAGURE_AUTH = "local"
EMAIL_SEND = False
CELERY_CONFIG = {{"task_always_eager": True}}
REDIS_HOST, REDIS_PORT = "127.0.0.1", {redis}
SESSION_COOKIE_SECURE = False
"""


def begin(folder: str, port: int, redis: int) -> None:
    os.environ["PAGURE_CONFIG"] = f"{folder}/pagure.cfg"
    os.environ["HOME"] = folder
    for name in ("repositories", "remotes", "uploads"):
        os.makedirs(f"{folder}/{name}")
    with open(f"{folder}/pagure.cfg", "w") as file:
        file.write(CONFIG.format(folder=folder, port=port, redis=redis))
    os.spawnlp(os.P_NOWAIT, "redis-server", "redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "",
               "--dir", folder, "--logfile", f"{folder}/redis.log")  # fmt: skip


def filled() -> str:
    """The token."""
    model, query = import_module("pagure.lib.model"), import_module("pagure.lib.query")
    config = import_module("pagure.config").reload_config()
    model.create_tables(config["DB_URL"], None, acls=config["ACLS"])
    session = query.create_session(config["DB_URL"])
    user = model.User(user="bot", fullname="The bot", password=b"x", default_email="bot@example.com")
    session.add(user)
    session.flush()
    session.add(model.UserEmail(user_id=user.id, email="bot@example.com"))
    session.commit()
    query.new_project(session, user="bot", name="demo", blacklist=[], allowed_prefix=[], repospanner_region=None,
                      description="demo", url=None, avatar_email=None, add_readme=True, default_branch="main",
                      ignore_existing_repo=True)  # fmt: skip
    session.commit()
    query.add_token_to_user(session, None, ["commit"], "bot", datetime.date.today() + datetime.timedelta(days=30))
    session.commit()
    return str(session.query(model.Token).one().id)


def serve(port: int) -> None:
    app = import_module("pagure.flask_app").create_app()

    def plain(environ: Any, start: Any) -> Any:
        """Values of headers that Debian's build writes as ``b'...'``, as texts."""

        def mended(status: Any, headers: Any, *rest: Any) -> Any:
            texts = [(name, value.decode() if isinstance(value, bytes) else value) for name, value in headers]
            return start(status, [(name, value[2:-1] if value[:2] == "b'" else value) for name, value in texts], *rest)

        return app(environ, mended)

    import_module("werkzeug.serving").run_simple("127.0.0.1", port, plain, threaded=True)


if __name__ == "__main__":
    place, at, beside = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    begin(place, at, beside)
    print(f"token {filled()}", flush=True)
    serve(at)
