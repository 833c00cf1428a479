import click
import requests
import yaml
from jinja2 import Template

print(yaml.load("a: [1, 2]", Loader=yaml.CSafeLoader), Template("{{ x }}").render(x=3))
print(requests.Request("GET", "http://x/", params={"q": "é"}).prepare().url, click.style("x"))
