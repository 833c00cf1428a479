from sqlalchemy import create_engine, text

engine = create_engine("sqlite://")


def total():
    with engine.connect() as c:
        return c.execute(text("select 40 + 2")).scalar()
