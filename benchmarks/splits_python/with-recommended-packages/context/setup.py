from setuptools import Extension, setup

setup(name="adder", version="1.0", py_modules=["shop"], ext_modules=[Extension("adder", ["adder.c"])])
