from flask import Flask, jsonify

from views.words import words

app = Flask(__name__)


@app.route("/")
def home():
    return jsonify(words=words())
