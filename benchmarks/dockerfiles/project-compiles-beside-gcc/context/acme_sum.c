#include <Python.h>
#include <math.h>

static PyObject *root(PyObject *self, PyObject *value)
{
    return PyFloat_FromDouble(sqrt(PyFloat_AsDouble(value)));
}

static PyMethodDef methods[] = {{"root", root, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "acme_sum", NULL, -1, methods};

PyMODINIT_FUNC PyInit_acme_sum(void) { return PyModule_Create(&module); }
