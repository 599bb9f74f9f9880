"""What pyflakes says of texts: reads a list of texts from standard input, writes the line (from 1) and name of each message."""
import ast
import json
import sys

from pyflakes.checker import Checker


def messages_of(text):
    return [{'line': message.lineno, 'code': type(message).__name__} for message in Checker(ast.parse(text)).messages]


json.dump([messages_of(text) for text in json.load(sys.stdin)], sys.stdout)
