"""Standard libraries: modules that come with Python, from 2.7 to 3.14, and with Node."""

from __future__ import annotations

_PYTHON = """
    __builtin__ __future__ __main__ _thread _winapi _winreg abc aifc annotationlib antigravity anydbm argparse array
    ast asynchat asyncio asyncore atexit audioop base64 BaseHTTPServer Bastion bdb binascii binhex bisect bsddb
    builtins bz2 calendar Canvas cgi CGIHTTPServer cgitb chunk cmath cmd code codecs codeop collections colorsys
    commands compileall compression concurrent configparser ConfigParser contextlib contextvars Cookie cookielib
    copy copy_reg copyreg cPickle cProfile crypt cStringIO csv ctypes curses dataclasses datetime dbhash dbm decimal
    difflib dircache dis distutils dl doctest DocXMLRPCServer dumbdbm dummy_threading email encodings ensurepip enum
    errno exceptions faulthandler fcntl filecmp FileDialog fileinput fnmatch formatter fpformat fractions ftplib
    functools future_builtins gc gdbm genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac
    hotshot html htmlentitydefs htmllib HTMLParser http httplib idlelib ihooks imageop imaplib imghdr imp importlib
    imputil inspect io ipaddress itertools json keyword lib2to3 linecache linuxaudiodev locale logging lzma macpath
    macurl2path mailbox mailcap marshal math md5 mhlib mimetools mimetypes MimeWriter mimify mmap modulefinder
    msilib msvcrt multifile multiprocessing mutex netrc new nis nntplib nt ntpath nturl2path numbers opcode operator
    optparse os os2emxpath ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib popen2
    poplib posix posixfile posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat Queue
    queue quopri random re readline reprlib resource rexec rfc822 rlcompleter robotparser runpy sched ScrolledText
    secrets select selectors sets sgmllib sha shelve shlex shutil signal SimpleDialog SimpleHTTPServer
    SimpleXMLRPCServer site smtpd smtplib sndhdr socket SocketServer socketserver spwd sqlite3 sre_compile
    sre_constants sre_parse ssl stat statistics statvfs string StringIO stringold stringprep struct subprocess sunau
    sunaudio symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this thread
    threading time timeit Tix tkColorChooser tkCommonDialog Tkconstants Tkdnd tkFileDialog tkFont tkinter Tkinter
    tkMessageBox tkSimpleDialog token tokenize tomllib trace traceback tracemalloc ttk tty turtle turtledemo types
    typing unicodedata unittest urllib urllib2 urlparse user UserDict UserList UserString uu uuid venv warnings wave
    weakref webbrowser whichdb winreg winsound wsgiref xdrlib xml xmllib xmlrpc xmlrpclib zipapp zipfile zipimport
    zlib zoneinfo
"""
_NODE = """
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events
    fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl sea sqlite
    stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib
"""
_POLYFILLS = """
    assert buffer console constants domain events process punycode querystring stream string_decoder sys timers url util
    readline test sqlite inspector module
"""
_ANYWHERE = """
    bun bun:test bun:sqlite bun:ffi bun:jsc k6 vscode electron electron/main electron/renderer cloudflare:workers
    aws-lambda deno
"""

PYTHON = frozenset(_PYTHON.split())
"""Top-level modules of Python's standard library, of any version."""

NODE = frozenset(_NODE.split())
"""Modules of Node, without the prefix ``node:``; some, such as ``test``, exist only with it."""

POLYFILLS = frozenset(_POLYFILLS.split())
"""Names of Node's modules that are also packages in their own right, which bundlers use in browsers."""

HOSTS = frozenset(_ANYWHERE.split())
"""Modules that the program which runs the code provides."""


def node(name: str) -> bool:
    """Whether an import, as written, is of a module that Node or the host provides."""
    if name.startswith(("node:", "bun:", "cloudflare:", "@ember/", "@glimmer/")) or name in HOSTS:
        return True
    return name.partition("/")[0] in NODE - {"test", "sea", "sqlite"}
