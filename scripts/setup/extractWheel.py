"""Takes TensorFlow's C library, its headers and its licences out of a wheel: python3 extractWheel.py WHEEL FOLDER"""

import os
import re
import shutil
import sys
import zipfile

LIBRARIES = ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2')
HEADERS = re.compile(r'(tensorflow/c/|tensorflow/core/platform/|xla/tsl/|(.*/)?tsl/platform/).*\.h$')


def target_of(name):
    """Where a member of the wheel belongs below FOLDER, or None when it is not needed."""
    folder, _, file = name.rpartition('/')
    if folder == 'tensorflow' and file in LIBRARIES:
        return 'lib/' + file
    if name == 'tensorflow/THIRD_PARTY_NOTICES.txt':
        return 'THIRD_PARTY_NOTICES.txt'
    _, found, header = name.partition('tensorflow/include/')
    return 'include/' + header if found and HEADERS.match(header) else None


def main(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            target = target_of(name)
            if target is None:
                continue
            path = os.path.join(folder, target)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(name) as source, open(path, 'wb') as copy:
                shutil.copyfileobj(source, copy, 1 << 20)


if __name__ == '__main__':
    main(*sys.argv[1:])
