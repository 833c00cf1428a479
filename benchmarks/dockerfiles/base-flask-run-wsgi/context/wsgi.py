from flask import Flask

app = Flask(__name__)


@app.get("/")
def page() -> str:
    return "wsgi"
