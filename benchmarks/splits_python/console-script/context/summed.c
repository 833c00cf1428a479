#include <Python.h>
#include <zlib.h>

static PyObject *add(PyObject *self, PyObject *args)
{
    long one, other;
    if (!PyArg_ParseTuple(args, "ll", &one, &other))
        return NULL;
    return PyLong_FromLong((long) crc32(0, (const Bytef *) "shop", 4) + one + other);
}

static PyMethodDef methods[] = {{"add", add, METH_VARARGS, "The sum."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "summed", NULL, -1, methods};

PyMODINIT_FUNC PyInit_summed(void)
{
    return PyModule_Create(&module);
}
