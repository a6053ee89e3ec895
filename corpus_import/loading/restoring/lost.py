"""Corrections and decisions that a document lacks, since it was written before they were made."""

from corpus_import.loading.plan import How, Plan


def remark_lost(plan: Plan, kind: str, name: str, human: str) -> None:
    """Remark that a person's words, of which the first are shown, would be lost."""
    plan.remark(kind, name, How.LOST, f"“{' '.join(human.split())[:60]}”")
