#!/usr/bin/env python3
"""Writes web/src/call/people/confusables.json: what looks like what, by the data of UTS 39 in the ICU library.

An object from what a character looks like to the characters that look like it. Needs python3-icu; run it at the root
of the repository. The data: Copyright Unicode, Inc., https://www.unicode.org/terms_of_use.html
"""
import json
import unicodedata
from collections import defaultdict

import icu

LAST_LETTER = 0x2FFFF


def needs_entry(character: str) -> bool:
    if unicodedata.category(character) == 'Cs':
        return False
    # Names are compared in NFKC and then decomposed: what that changes has no entry of its own.
    if any(unicodedata.normalize(form, character) != character for form in ('NFKC', 'NFD')):
        return False
    # Invisible characters are dropped before the comparison.
    return not icu.Char.hasBinaryProperty(character, icu.UProperty.DEFAULT_IGNORABLE_CODE_POINT)


checker = icu.SpoofChecker()
groups: dict[str, str] = defaultdict(str)
for code in range(0x21, LAST_LETTER + 1):
    character = chr(code)
    if needs_entry(character):
        looks_like = checker.getSkeleton(0, character)
        if looks_like != character:
            groups[looks_like] += character

with open('web/src/call/people/confusables.json', 'w', encoding='ascii') as file:
    json.dump(dict(sorted(groups.items())), file, indent=2)
    file.write('\n')
print(f'Unicode {icu.UNICODE_VERSION}, ICU {icu.ICU_VERSION}: {len(groups)} groups')
