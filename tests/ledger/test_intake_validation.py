"""The official rules, where their engine is installed: a good invoice passes, a bad one names the rule it breaks."""

import pytest

from recouvrement.intake import validation
from tests.intake import samples


def test_without_its_engine_the_validator_says_so(monkeypatch) -> None:
    monkeypatch.setattr(validation, "available", lambda: False)

    with pytest.raises(validation.ValidatorAbsentError, match="recouvrement\\[validate\\]"):
        validation.findings("facture.xml", samples.cii())


def test_a_total_that_does_not_add_up_names_its_rule() -> None:
    pytest.importorskip("saxonche", reason="the extra [validate] is not installed")
    wrong = samples.cii().replace(b"<ram:GrandTotalAmount>", b"<ram:GrandTotalAmount>9")

    good = {found.element for found in validation.findings("good.xml", samples.cii())}
    bad = {found.element for found in validation.findings("bad.xml", wrong)}

    assert any("BR-CO-15" in rule for rule in bad - good)


def test_a_pdf_and_a_ubl_invoice_are_judged_too() -> None:
    pytest.importorskip("saxonche", reason="the extra [validate] is not installed")

    for name, data in (("facture.pdf", samples.facturx()), ("facture.xml", samples.ubl())):
        assert all(found.element and found.message for found in validation.findings(name, data))
