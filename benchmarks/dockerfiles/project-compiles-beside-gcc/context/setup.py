from setuptools import Extension, setup

setup(name="acme-sum", version="1.0", py_modules=[], ext_modules=[Extension("acme_sum", ["acme_sum.c"])])
