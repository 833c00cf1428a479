import flask
import yaml


def main() -> None:
    print(flask.__name__, yaml.safe_load("[1, 2]"))
