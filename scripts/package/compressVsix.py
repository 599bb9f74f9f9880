"""Compresses a zip file anew with libdeflate, smaller than Node's zlib can: python3 compressVsix.py STORED COMPRESSED"""

import sys
import zipfile

import deflate

# Beyond it each per cent costs as much time again as all levels below.
LEVEL = 9


class WholeFile:
    """Stands where zipfile has a compressor of zlib; libdeflate takes a file as a whole."""

    def __init__(self):
        self.contents = bytearray()

    def compress(self, data):
        self.contents += data
        return b''

    def flush(self):
        return deflate.deflate_compress(self.contents, LEVEL)


# zipfile lets nobody choose a compressor in another way.
zipfile._get_compressor = lambda *_: WholeFile()

stored, compressed = sys.argv[1:]
with zipfile.ZipFile(stored) as source, zipfile.ZipFile(compressed, 'w') as target:
    for entry in source.infolist():
        target.writestr(entry, source.read(entry))
with zipfile.ZipFile(compressed) as target:
    damaged = target.testzip()
    if damaged is not None:
        sys.exit(f'{damaged} is not what it was')
