"""`recouvrement lint-templates`: the rules of wording applied to the texts, as written and as filled in."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.law_values import USAGE, law_or_exit, say
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.wording import SenderKind, WordingFinding, WordingRules, lint_text
from recouvrement.letters.compose import compose
from recouvrement.letters.specimens import specimen
from recouvrement.letters.types import MessageCode
from recouvrement.letters.words import TextFault
from recouvrement.policy.law_wording import lint_templates as lint_sources
from recouvrement.settings import Settings


def lint_templates(
    folder: Annotated[Path | None, typer.Argument(help="Folder of templates; the setting by default.")] = None,
    sender: Annotated[SenderKind, typer.Option(help="Who signs the letters.")] = SenderKind.OWN,
    data: Annotated[Path | None, typer.Option(help="Folder of data.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Look for missing mentions and forbidden words in every text; exit 1 when something was found."""
    templates = folder if folder is not None else Settings().templates
    texts = sorted(path for path in templates.glob("*/*.md.j2") if not path.name.startswith("_"))
    if not texts:
        message = f"no text in {templates}: give the folder that holds <language>/<step>.md.j2"
        say({"error": "no_templates", "message": message}, message, as_json=as_json)
        raise typer.Exit(USAGE)
    rules = law_or_exit(data, as_json=as_json).wording
    found = [*lint_sources(templates, rules, sender=sender)]
    if sender is SenderKind.OWN:
        found += (one for path in texts for one in lint_filled(path, templates, rules))
    found = list(dict.fromkeys(found))
    rows = [asdict(one) for one in found]
    said = "\n".join(map(str, found)) or f"{len(texts)} texts, nothing found."
    say({"texts": len(texts), "findings": rows}, said, as_json=as_json)
    if found:
        raise typer.Exit(1)


def lint_filled(path: Path, templates: Path, rules: WordingRules) -> Iterator[WordingFinding]:
    """Findings in one text filled in for every kind of debtor, with much and with little to say."""
    step, language = path.name.removesuffix(".md.j2"), path.parent.name
    if step not in set(MessageCode):
        return
    code = MessageCode(step)
    for kind in DebtorKind:
        if kind is DebtorKind.UNKNOWN and code is MessageCode.MISE_EN_DEMEURE:
            continue  # never sent: a formal notice needs a known kind
        for rich in (True, False):
            try:
                filled = compose(specimen(code, kind, language, rich=rich), templates=templates)
            except TextFault as fault:
                reason = str(fault)
                yield WordingFinding("cannot_be_filled_in", step, language, kind, "", reason, "–")
                continue
            text = f"{filled.subject}\n{filled.text}"
            yield from lint_text(text, rules, step=step, language=language, kind=kind)
