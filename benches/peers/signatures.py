# Writes a pack of signatures that find nothing, to time what knowledge costs: signatures.py FOLDER COUNT.
"""Each asks for three lines that logs do not have, made of words that logs do have."""

import os
import sys

WORDS = """address account package server site inbox registry service sender database transaction collection policy
inventory schedule component content certificate directory export hierarchy installer listener monitor network object
parent permission process query queue record replica request schema session share status table thread trigger user
version volume""".split()
VERBS = "refused dropped ignored replaced revoked delayed rejected truncated misplaced orphaned".split()
LOGS = "ddm hman sched sender distmgr sitecomp setup".split()


def line(number, part):
    """A line that no other signature asks for: the number picks the words."""
    words = []
    key = number * 3 + part
    for step in (1, 7, 11):
        words.append(WORDS[(key * step + key // len(WORDS)) % len(WORDS)])
    return f"{words[0]} {words[1]} was {VERBS[key % len(VERBS)]} by the {words[2]} {key}, error {{code{part}:code}}"


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        text = (
            f"id = 'generated-{number}'\ntitle = 'Trouble {number} on {{host}}'\nkind = 'root_cause'\n"
            "severity = 'high'\nphase = 'services'\nmeans = 'Generated.'\n"
        )
        for part, kind in enumerate(("needs", "supports", "refutes")):
            text += f"[[{kind}]]\nname = 'part_{part}'\nlog = ['{LOGS[number % len(LOGS)]}']\n"
            text += f"line = '{line(number, part)}'\n"
        with open(f"{folder}/generated-{number}.toml", "w", encoding="utf-8") as out:
            out.write(text)


main()
