import markupsafe
from markupsafe import _speedups


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(markupsafe.escape(f"<{environ['PATH_INFO']}> {_speedups is not None}")).encode()]
