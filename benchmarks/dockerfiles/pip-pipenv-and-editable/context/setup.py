from setuptools import setup

setup(name="thing", version="0.1.0", packages=["thing"])
