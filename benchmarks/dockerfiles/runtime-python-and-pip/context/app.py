"""Answers one request by itself, prints it, and ends."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return {"sum": sum(range(10))}


print(app.test_client().get("/").get_json())
