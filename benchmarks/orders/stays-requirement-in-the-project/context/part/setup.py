from setuptools import setup
setup(name='part', version='1')
