import ctypes
import importlib.util

library = ctypes.CDLL(importlib.util.find_spec("acme_sum").origin)
library.acme_root.restype = ctypes.c_double
print(library.acme_root(ctypes.c_double(9.0)))
