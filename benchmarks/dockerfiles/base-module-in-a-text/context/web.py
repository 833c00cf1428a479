from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def root() -> dict[str, int]:
    return {"answer": 42}
