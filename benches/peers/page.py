# Writes what was measured into a page and a picture: page.py ROWS FACTS PAGE PICTURE.
"""ROWS is what measure.py prints; FACTS are lines of KIND<TAB>KEY<TAB>TEXT: a `note` belongs to the row KEY, `skipped`
tells why there is no row, a `fact` stands below the table."""

import html
import json
import sys

START, END = "<!-- table -->", "<!-- /table -->"
INTRODUCTION = f"""# Performance

What the analysis of half a gigabyte of logs costs, beside other programs on the same files and the same machine.
`benches/peers.sh` measures it and writes the table and the picture; `.ci/speed` watches that it stays so.

![CPU seconds of sitedx and other programs for the same logs](performance.svg)

{START}
{END}

CPU seconds are user and system time of the whole process with all its threads, the median of the runs with the least
and the most in brackets. A megabyte is 1,000,000 bytes. The runs take turns, after one that is not counted, so that all
files are in memory and a busy minute of the machine meets all programs. The logs are made up; `cargo bench --bench
corpus -- OUT 500` writes the same ones anywhere.
"""

# The bars of the picture: the row and what to call it there.
BARS = [
    ("cat", "cat: reads, does nothing"),
    ("ripgrep, 2 threads", "ripgrep: 100 fixed texts"),
    ("GNU grep", "GNU grep: 100 fixed texts"),
    ("sitedx, 2 threads", "sitedx: records, times, all signatures"),
    ("lnav", "lnav: records, times"),
    ("cmtraceopen", "cmtraceopen-parser: records"),
]


def span(row, key, digits):
    least, most = row[key + "_least"], row[key + "_most"]
    return f"{row[key]:.{digits}f} ({least:.{digits}f}..{most:.{digits}f})"


def table(rows, facts):
    yard = next((row for row in rows if row["name"] == "ripgrep, 2 threads"), None)
    lines = [
        "| Program | CPU seconds | Wall seconds | MB per CPU second | Peak MiB | Times ripgrep | Remarks |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        speed = f"{row['bytes'] / 1e6 / row['cpu']:,.0f}" if row["bytes"] and row["cpu"] else ""
        # Per byte, so that a program that reads a part of the files can be compared.
        ratio = ""
        if yard and row["bytes"] and yard["cpu"]:
            ratio = f"{row['cpu'] / row['bytes'] / (yard['cpu'] / yard['bytes']):.2f}"
        note = facts["note"].get(row["name"], "")
        digits = 3 if row["cpu"] < 1 else 2
        lines.append(
            f"| {row['name']} | {span(row, 'cpu', digits)} | {span(row, 'wall', digits)} | {speed} "
            f"| {row['peak']:.0f} | {ratio} | {note} |"
        )
    lines += [f"| {name} | | | | | | skipped: {why} |" for name, why in facts["skipped"].items()]
    told = [f"- {key}: {text}" for key, text in facts["fact"]]
    return "\n".join(lines + [""] + told)


def picture(rows, facts):
    known = {row["name"]: row for row in rows}
    bars = [(title, known[name]["cpu"], name) for name, title in BARS if name in known]
    most = max(cpu for _, cpu, _ in bars)
    left, width, step = 315, 320, 34
    height = 92 + step * len(bars) + 34
    megabytes = known["cat"]["bytes"] / 1e6 if "cat" in known else 0
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="14" fill="#1f2328">',
        f"<title>CPU seconds for the same {megabytes:,.0f} MB of logs</title>",
        f'<rect width="720" height="{height}" rx="6" fill="#ffffff" stroke="#d0d7de"/>',
        f'<text x="20" y="32" font-size="18" font-weight="600">CPU seconds for the same {megabytes:,.0f} MB of logs'
        "</text>",
        '<text x="20" y="54" fill="#57606a">user and system time of the whole process, median; shorter is better</text>',
    ]
    for number, (title, cpu, name) in enumerate(bars):
        top = 76 + step * number
        color = "#0969da" if name.startswith("sitedx") else "#8c959f"
        weight = ' font-weight="600"' if name.startswith("sitedx") else ""
        length = max(1.0, cpu / most * width)
        out += [
            f'<text x="{left - 10}" y="{top + 16}" text-anchor="end"{weight}>{title}</text>',
            f'<rect x="{left}" y="{top}" width="{length:.1f}" height="22" fill="{color}"/>',
            f'<text x="{left + length + 8:.1f}" y="{top + 16}"{weight}>{cpu:.2f} s</text>',
        ]
    machine = html.escape(dict(facts["fact"]).get("Machine", ""))
    out.append(f'<text x="20" y="{height - 18}" font-size="12" fill="#57606a">{machine}</text>')
    return "\n".join(out + ["</svg>", ""])


def main():
    rows_path, facts_path, page_path, picture_path = sys.argv[1:]
    rows = json.load(open(rows_path, encoding="utf-8"))
    facts = {"note": {}, "skipped": {}, "fact": []}
    for line in open(facts_path, encoding="utf-8"):
        kind, key, text = line.rstrip("\n").split("\t")
        if kind == "fact":
            facts["fact"].append((key, text))
        else:
            facts[kind][key] = text
    try:
        page = open(page_path, encoding="utf-8").read()
    except FileNotFoundError:
        page = INTRODUCTION
    if START not in page or END not in page:
        sys.exit(f"{page_path} has no place for the table: {START} and {END}")
    before, after = page.split(START)[0], page.split(END, 1)[1]
    with open(page_path, "w", encoding="utf-8") as out:
        out.write(f"{before}{START}\n{table(rows, facts)}\n{END}{after}")
    with open(picture_path, "w", encoding="utf-8") as out:
        out.write(picture(rows, facts))


main()
