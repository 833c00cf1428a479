from fastapi import FastAPI

from .db import total

app = FastAPI()


@app.get("/")
def home():
    return {"total": total()}
