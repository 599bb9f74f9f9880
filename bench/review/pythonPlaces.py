"""Where slips can be made in Python: reads {"texts": [...]} from standard input, writes a list of places for each text.

With {"check": [...]} it says of each text whether it parses."""
import ast
import json
import re
import sys

COMPARISONS = {'<': ['<=', '>'], '>': ['>=', '<'], '<=': ['<', '>='], '>=': ['>', '<='], '==': ['!='], '!=': ['=='],
               'is': ['is not'], 'is not': ['is'], 'in': ['not in'], 'not in': ['in'], 'and': ['or'], 'or': ['and']}
SYMBOLS = {ast.Lt: '<', ast.Gt: '>', ast.LtE: '<=', ast.GtE: '>=', ast.Eq: '==', ast.NotEq: '!=', ast.Is: 'is',
           ast.IsNot: 'is not', ast.In: 'in', ast.NotIn: 'not in', ast.And: 'and', ast.Or: 'or'}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Offsets:
    """From lines and bytes, as the parser counts, to UTF-16 units."""

    def __init__(self, text):
        self.lines = text.split('\n')
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + units(line) + 1)

    def at(self, line, column):
        return self.starts[line - 1] + units(self.lines[line - 1].encode()[:column].decode())

    def span(self, node):
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)


def units(text):
    return len(text.encode('utf-16-le')) // 2


def names_bound_in(node):
    names = set()
    if isinstance(node, FUNCTIONS):
        arguments = node.args
        for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
            if each is not None:
                names.add(each.arg)

    def visit(child):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            names.add(child.id)
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(child.name)
            return
        if isinstance(child, ast.alias):
            names.add((child.asname or child.name).split('.')[0])
        if isinstance(child, ast.Lambda):
            return
        for inner in ast.iter_child_nodes(child):
            visit(inner)

    for child in ast.iter_child_nodes(node):
        visit(child)
    return names


def is_key(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r'[\w.:-]{2,40}', node.value)


def is_plain(node):
    return isinstance(node, (ast.Name, ast.Attribute, ast.Constant)) and not isinstance(node, ast.Starred)


def places_of(text):
    tree = ast.parse(text)
    offsets = Offsets(text)
    raw = text.encode('utf-16-le')
    places = []
    properties = {}
    keys = sorted({node.value for node in ast.walk(tree) if is_key(node)})
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            properties.setdefault(ast.unparse(node.value), set()).add(node.attr)

    def part(start, end):
        return raw[2 * start:2 * end].decode('utf-16-le')

    def add(kind, start, end, choices):
        if choices and '\n' not in part(start, end):
            places.append({'kind': kind, 'start': start, 'end': end, 'choices': choices})

    def operator(symbol, left, right):
        start, end = offsets.span(left)[1], offsets.span(right)[0]
        found = re.search(r'(?<![\w<>=!])' + re.escape(symbol).replace(r'\ ', r'\s+') + r'(?![\w=])', part(start, end))
        if found and '#' not in part(start, end):
            add('comparison', start + found.start(), start + found.end(), COMPARISONS[symbol])

    def visit(node, scopes):
        if isinstance(node, FUNCTIONS):
            scopes = [*scopes, names_bound_in(node)]
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            local = set().union(*scopes[1:])
            others = (local if node.id in local else local | scopes[0]) - {node.id}
            if node.id in local | scopes[0]:
                add('variable', *offsets.span(node), sorted(others))
        if isinstance(node, ast.Attribute):
            end = offsets.span(node)[1]
            start = end - units(node.attr)
            if part(start, end) == node.attr:
                add('property', start, end, sorted(properties[ast.unparse(node.value)] - {node.attr}))
        if isinstance(node, ast.Call):
            for left, right in zip(node.args, node.args[1:]):
                (start, left_end), (right_start, end) = offsets.span(left), offsets.span(right)
                first, second = part(start, left_end), part(right_start, end)
                if is_plain(left) and is_plain(right) and first != second:
                    add('arguments', start, end, [second + part(left_end, right_start) + first])
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            operator(SYMBOLS[type(node.ops[0])], node.left, node.comparators[0])
        if isinstance(node, ast.BoolOp):
            for left, right in zip(node.values, node.values[1:]):
                if len(node.values) == 2:
                    operator(SYMBOLS[type(node.op)], left, right)
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            add('comparison', *offsets.span(node), [str(not node.value)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            start, end = offsets.span(node)
            if part(start, end).isdigit():
                add('literal', start, end, [str(node.value + 1), str(node.value - 1)] if node.value > 0 else ['1'])
        if isinstance(node, ast.Await):
            add('missing', offsets.span(node)[0], offsets.span(node.value)[0], [''])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            start, end = offsets.span(node)[0], offsets.span(node.operand)[0]
            if part(start, end).strip() == 'not':
                add('missing', start, end, [''])
        if is_key(node):
            start, end = offsets.span(node)
            if part(start + 1, end - 1) == node.value:
                add('key', start + 1, end - 1, [key for key in keys if key != node.value])
        for child in ast.iter_child_nodes(node):
            # What stands in a formatted string has no place of its own in older versions.
            if not isinstance(child, (ast.JoinedStr, ast.Expr) ) or not isinstance(getattr(child, 'value', None), ast.Constant):
                if not isinstance(child, ast.JoinedStr):
                    visit(child, scopes)

    visit(tree, [names_bound_in(tree)])
    return places


def parses(text):
    try:
        ast.parse(text)
        return True
    except (SyntaxError, ValueError):
        return False


request = json.load(sys.stdin)
if 'check' in request:
    json.dump([parses(text) for text in request['check']], sys.stdout)
else:
    json.dump([places_of(text) if parses(text) else [] for text in request['texts']], sys.stdout)
