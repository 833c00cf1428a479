#include <Python.h>
#include <string>

static PyObject *add(PyObject *self, PyObject *args)
{
    long one, other;
    if (!PyArg_ParseTuple(args, "ll", &one, &other))
        return NULL;
    return PyLong_FromLong((long) (std::string(one, 'a') + std::string(other, 'b')).size());
}

static PyMethodDef methods[] = {{"add", add, METH_VARARGS, "The sum."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "adder", NULL, -1, methods};

PyMODINIT_FUNC PyInit_adder(void)
{
    return PyModule_Create(&module);
}
