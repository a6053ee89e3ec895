"""Remarks on corrections and decisions that are newer than the document."""

from corpus_import.loading.plan import How, Plan


def remark_lost(plan: Plan, kind: str, name: str, human: str) -> None:
    """Remark that a person's words would be lost, with the first of the words."""
    plan.remark(kind, name, How.LOST, f"“{' '.join(human.split())[:60]}”")
