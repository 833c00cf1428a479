from setuptools import Extension, setup

setup(
    name="shop",
    version="1.0",
    py_modules=["shop"],
    ext_modules=[Extension("summed", ["summed.c"], libraries=["z"])],
    entry_points={"console_scripts": ["shop=shop:main"]},
)
