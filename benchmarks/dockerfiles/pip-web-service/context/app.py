import sys

from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "hello"


if "--self-test" in sys.argv:
    print(app.test_client().get("/").text)
else:
    app.run(host="0.0.0.0")
