"""How often a match by name is right: `python judge.py` prints precision and recall.

judged/names.csv holds pairs of a name (an owner, a company of Form SD, a company of ours) and a legal
entity, each read and labelled by hand: same, different or unclear. Pairs drawn `any` are the two
likest entities of names drawn at random, whatever their score; pairs drawn `alike` are hard ones.
Recall is of the pairs in the sample: what no spelling led to isn't in it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry
from names import ENOUGH, Names

HERE = Path(__file__).parent


def main() -> None:
    """Print a line a way of matching, for each part of the sample and for all of it."""
    names = Names(row["name"] for row in carry.Source(carry.HERE / "gleif" / "gleif.csv").rows())
    pairs = list(carry.Source(HERE / "judged" / "names.csv").rows())
    clear = [row for row in pairs if row["verdict"] != "unclear"]
    print(f"{len(pairs)} pairs, {len(pairs) - len(clear)} of them unclear and not counted")
    print("pairs  method        score  pairs  same  found  right  precision  recall")
    for drawn in ("any", "alike", "all"):
        part = [row for row in clear if drawn in (row["drawn"], "all")]
        scores = [names.score(row["name"], row["lei_name"]) for row in part]
        same = [row["verdict"] == "same" for row in part]
        for least in (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6):
            found = [score >= least for score in scores]
            right = sum(map(lambda one, other: one and other, found, same))
            method = "same-name" if least == 1.0 else "similar-name"
            mark = " <- used" if least == ENOUGH else ""
            print(
                f"{drawn:5}  {method:12}  {least:5.2f}  {len(part):5}  {sum(same):4}  "
                f"{sum(found):5}  {right:5}  {right / sum(found):9.3f}  {right / sum(same):6.3f}{mark}"
            )
    actors()


def actors() -> None:
    """Print how many of the pairs of an owner and an actor their names alone lead to."""
    read = list(carry.Source(HERE / "judged" / "actors.csv").rows())
    clear = {(r["record"], r["actor"]): r["verdict"] for r in read if r["verdict"] != "unclear"}
    found = {
        (row["one"].removeprefix("company-record/fineprint-"), row["other"].removeprefix("actor/"))
        for row in carry.Source(HERE / "matches.csv").rows()
        if row["other"].startswith("actor/") and row["method"] != "reading"
    }
    right = sum(clear.get(pair) == "same" for pair in found)
    same = sum(verdict == "same" for verdict in clear.values())
    print(
        f"owners and actors: {len(read)} pairs read, {len(clear)} clear; names alone find "
        f"{len(found & clear.keys())}, {right} of them right, of {same} that are the same"
    )


if __name__ == "__main__":
    main()
