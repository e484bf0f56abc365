"""Schemes of indicators, rounds, score sheets, objections, results."""

from .objections import Objection, ObjectionEvidence, ObjectionQuerySet
from .results import BonusProposal, Edition, EditionQuerySet, Result, ResultQuerySet
from .rounds import FactValue, ReviewSeat, Round, RoundQuerySet, Scorecard, ScorecardQuerySet
from .schemes import Indicator, Scheme, SchemeQuerySet, SchemeVersion
from .scores import Correction, Score, ScoreEvidence, ScoreQuerySet, ScoreRevision

__all__ = [
    "BonusProposal",
    "Correction",
    "Edition",
    "EditionQuerySet",
    "FactValue",
    "Indicator",
    "Objection",
    "ObjectionEvidence",
    "ObjectionQuerySet",
    "Result",
    "ResultQuerySet",
    "ReviewSeat",
    "Round",
    "RoundQuerySet",
    "Scheme",
    "SchemeQuerySet",
    "SchemeVersion",
    "Score",
    "ScoreEvidence",
    "ScoreQuerySet",
    "ScoreRevision",
    "Scorecard",
    "ScorecardQuerySet",
]
