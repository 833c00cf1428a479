"""Modules and names of Python that need more than Python: other programs, libraries, files of the system, a certain C library.

Sources: the documentation of the standard library, of flask, starlette, tornado, bottle and werkzeug; musl's strftime.
"""

from __future__ import annotations

import re
from typing import Final

#: modules of the standard library that load what this file cannot see, or a library that slim variants lack
BLOCKING: Final = {
    **dict.fromkeys(("ctypes", "_ctypes", "cffi", "numpy.ctypeslib"), "loads libraries by name, or compiles (ctypes)"),
    **dict.fromkeys(("numpy.f2py", "numpy.distutils"), "calls a compiler"),
    "mailcap": "reads /etc/mailcap, of which the full variant has more",
    **dict.fromkeys(("importlib", "imp", "runpy", "pkgutil", "zipimport", "builtins"), "loads modules by name"),
    **dict.fromkeys(("pickle", "shelve", "logging.config"), "loads modules that its data names"),
    **dict.fromkeys(
        ("unittest", "doctest", "trace", "bdb", "pdb", "profile", "cProfile", "timeit", "code", "codeop"),
        "runs code that is not seen",
    ),
    **dict.fromkeys(("webbrowser", "pydoc"), "looks for a browser or a pager"),
    **dict.fromkeys(("distutils", "sysconfig"), "asks for the compiler"),
    **dict.fromkeys(("pty", "commands"), "starts programs"),
    **dict.fromkeys(("dbm", "nis", "spwd"), "uses a module that the full variant may build with other libraries"),
}
#: modules of the standard library that need Tk, which only the full variant has
TK: Final = frozenset(("tkinter", "turtle", "turtledemo", "idlelib"))
#: modules of the standard library that guess types of files from /etc/mime.types
GUESSING: Final = frozenset(("mimetypes", "http.server"))
#: what reads /etc/mime.types for whatever file it is given
SENDS_FILES: Final = frozenset(
    "send_file send_from_directory StaticFiles FileResponse static_file StaticFileHandler add_static SharedDataMiddleware "
    "static_folder static_path guess_type guess_content_type".split()
)
#: what loads the module that a text names: harmless where the text is written down, since all texts are followed
NAMED: Final = frozenset(("from_object", "run"))
#: conversions of strftime that the C library answers, and musl otherwise than glibc; flags that musl has not
OF_STRFTIME: Final = re.compile(r"%(?:[PlkEO+]|[\^#])")
#: modules of the standard library that answer otherwise on another C library
OF_LIBC: Final = {
    "locale": "locales",
    "crypt": "crypt()",
    "pwd": "users",
    "grp": "groups",
    "platform": "glibc",
}
#: what depends on the C library: how deep a thread may go, and what the library is
OF_THREADS: Final = frozenset(("setrecursionlimit", "stack_size", "confstr"))
#: folders that a path may be put together from
ROOTS: Final = frozenset(("/usr", "/usr/", "usr", "/etc", "/etc/", "/lib", "/usr/share"))
#: those that serve files of a folder that is their positional argument, and how many stand in front of it
SERVES_FOLDER: Final = {"Flask": 1, "Blueprint": 2}
DYNAMIC: Final = frozenset(("__import__", "exec", "eval", "compile", "import_string", "import_module", "load_module"))
STARTS: Final = frozenset(
    "system popen run call check_call check_output Popen getoutput getstatusoutput execv execve execvp execl execlp spawnv "
    "spawnl spawnvp spawnlp posix_spawn create_subprocess_exec create_subprocess_shell execle execlpe execvpe spawnle "
    "spawnlpe spawnve spawnvpe posix_spawnp".split()
)
#: those of them that start a program whatever they are called on
STARTS_ONLY: Final = frozenset(
    "check_call check_output Popen getoutput getstatusoutput create_subprocess_exec create_subprocess_shell".split()
)
STARTERS: Final = ("os", "subprocess", "asyncio", "sp", "posix")
#: starting a program, whatever it is a method of; and reading the system's fonts, which full variants have
ODD: Final = {
    **dict.fromkeys(
        ("subprocess_exec", "subprocess_shell", "Subprocess"), "starts programs in a way that is not followed"
    ),
    **dict.fromkeys(("which", "find_executable"), "looks for a program that is not known"),
    **dict.fromkeys(
        ("modules", "globals", "__builtins__", "__globals__", "__subclasses__", "__loader__"),
        "may load modules by name",
    ),
    **dict.fromkeys(("unsafe_load", "unsafe_load_all", "UnsafeLoader", "dlopen"), "loads what its data names"),
    **dict.fromkeys(
        ("from_pyfile", "from_envvar", "load_app", "parse_config_file"), "runs a file of settings that is not followed"
    ),
    **dict.fromkeys(("load_extension", "enable_load_extension"), "loads a library into SQLite"),
    **dict.fromkeys(("read_pickle",), "loads modules that its data names"),
    **dict.fromkeys(("ctypeslib", "f2py"), "loads libraries by name, or compiles"),
    **dict.fromkeys(
        "truetype load_path FreeTypeFont ImageFormatter PngFormatter JpgImageFormatter BmpImageFormatter "
        "GifImageFormatter".split(),
        "reads fonts of the system, which the full variant has",
    ),
}
#: parts of /usr that are the program's own, or the same in both variants
OWN: Final = ("/usr/local/", "/usr/src/")
#: paths of packages that the full variant has
PLACES: Final = tuple(
    "/usr/share/ /usr/lib /usr/bin/ /usr/sbin/ /usr/include /etc/mime /etc/ssl /etc/ImageMagick /etc/fonts /etc/mailcap "
    "linux-gnu".split()
)
