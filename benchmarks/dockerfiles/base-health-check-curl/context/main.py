from fastapi import FastAPI
from pydantic import BaseModel


class Item(BaseModel):
    n: int = 3


app = FastAPI()


@app.get("/")
def home() -> Item:
    return Item(n=4)
