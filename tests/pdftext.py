"""The text of a PDF made by Typst, page by page: enough to prove what a paper says. No general PDF reader."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.S)
_TOKEN = re.compile(rb"/(\w+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f\s]+)>|(\()|(?<=\s)(Td|TD|Tm|T\*|ET)\b", re.S)


def pages(content: bytes) -> list[str]:
    """Text of each page, runs separated by spaces."""
    objects = {int(m[1]): m[2] for m in _OBJECT.finditer(content)}
    kids = []

    def walk(number: int) -> None:
        body = objects[number]
        if b"/Type /Pages" in body or b"/Type/Pages" in body:
            for kid in re.findall(rb"(\d+) 0 R", re.search(rb"/Kids\s*\[(.*?)\]", body, re.S)[1]):
                walk(int(kid))
        else:
            kids.append(body)

    root = next(
        n for n, body in objects.items() if re.search(rb"/Type\s*/Pages", body) and b"/Parent" not in body
    )
    walk(root)
    return [_page(objects, body) for body in kids]


def _page(objects: dict[int, bytes], body: bytes) -> str:
    found = re.search(rb"/Resources\s+(\d+) 0 R", body)
    resources = objects[int(found[1])] if found else body
    fonts = re.search(rb"/Font\s+(\d+) 0 R", resources)
    listed = objects[int(fonts[1])] if fonts else re.search(rb"/Font\s*<<(.*?)>>", resources, re.S)[1]
    maps = {name: _cmap(objects, int(ref)) for name, ref in re.findall(rb"/(\w+)\s+(\d+) 0 R", listed)}
    content = _stream(objects[int(re.search(rb"/Contents\s+(\d+) 0 R", body)[1])])
    out: list[str] = []
    chars: dict[int, str] = {}
    at = 0
    while found := _TOKEN.search(content, at):
        at = found.end()
        font, coded, literal, move = found.groups()
        if font:
            chars = maps.get(font, {})
        elif move:
            out.append(" ")
        else:
            if literal:
                end = _closing(content, at)
                raw, at = _unescape(content[at:end]), end + 1
            else:
                raw = bytes.fromhex(coded.decode())
            out += [chars.get(int.from_bytes(raw[i : i + 2], "big"), "") for i in range(0, len(raw), 2)]
    return re.sub(r"\s+", " ", "".join(out)).strip()


def _closing(text: bytes, at: int) -> int:
    """Where a literal string ends that begins at `at`; brackets inside are balanced or escaped."""
    depth = 1
    while depth and at < len(text):
        if text[at : at + 1] == b"\\":
            at += 2
            continue
        depth += {b"(": 1, b")": -1}.get(text[at : at + 1], 0)
        at += 1
    return at - 1


def _unescape(text: bytes) -> bytes:
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return re.sub(
        rb"\\([0-7]{1,3}|.)",
        lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else plain.get(m[1], m[1]),
        text,
        flags=re.S,
    )


def _cmap(objects: dict[int, bytes], font: int) -> dict[int, str]:
    text = _stream(objects[int(re.search(rb"/ToUnicode\s+(\d+) 0 R", objects[font])[1])])
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", text, re.S):
        for code, to in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(to.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", text, re.S):
        for low, high, to in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for step, code in enumerate(range(int(low, 16), int(high, 16) + 1)):
                found[code] = chr(int(to, 16) + step)
    return found


def _stream(body: bytes) -> bytes:
    head, _, data = body.partition(b"stream")
    data = data.lstrip(b"\r\n").rsplit(b"endstream", 1)[0]
    return zlib.decompress(data) if b"FlateDecode" in head else data
