"""Says what native files were made for, by their headers: python3 inspectNative.py < JSON list of files"""

import json
import sys

import lief

lief.logging.disable()


def without_contents(config):
    """Headers and names of libraries are enough, and some files are large."""
    for name in dir(config):
        if name.startswith('parse_'):
            setattr(config, name, False)
    return config


def elf(file):
    binary = lief.ELF.parse(file, without_contents(lief.ELF.ParserConfig()))
    libraries = [str(library) for library in binary.libraries]
    return [{'system': 'linux', 'machine': binary.header.machine_type.name, 'libraries': libraries}]


def pe(file):
    binary = lief.PE.parse(file, without_contents(lief.PE.ParserConfig()))
    return [{'system': 'win32', 'machine': binary.header.machine.name, 'libraries': []}]


def macho(file):
    # The list owns what it holds.
    binaries = lief.MachO.parse(file, lief.MachO.ParserConfig.quick)
    return [
        {'system': 'darwin', 'machine': binaries.at(index).header.cpu_type.name, 'libraries': []}
        for index in range(binaries.size)
    ]


def inspect(file):
    for recognizes, read in ((lief.is_elf, elf), (lief.is_pe, pe), (lief.is_macho, macho)):
        if recognizes(file):
            return read(file)
    return []


print(json.dumps({file: inspect(file) for file in json.load(sys.stdin)}))
