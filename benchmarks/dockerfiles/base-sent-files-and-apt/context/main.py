from flask import Flask, send_file

app = Flask(__name__)


@app.get("/")
def page():
    return send_file("report.odt")


app.run(port=5002)
