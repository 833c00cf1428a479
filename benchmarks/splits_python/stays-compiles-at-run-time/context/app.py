from cffi import FFI

ffi = FFI()
ffi.cdef("int add(int, int);")
lib = ffi.verify("int add(int a, int b) { return a + b; }")
print(lib.add(1, 2))
