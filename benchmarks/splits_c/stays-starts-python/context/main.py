import ctypes

f = ctypes.CDLL("/usr/local/lib/libword.so").word
f.restype = ctypes.c_char_p
print(f())
