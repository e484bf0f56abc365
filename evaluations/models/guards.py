"""What the database itself refuses about trees and scores, whoever writes past the services."""

import pgtrigger

# A tree of three levels whose levels always count: no circle can be written. Asked when the transaction
# ends, of the row as it is then: a branch moves row by row.
LEVELS_COUNT = """
    SELECT place.* INTO now FROM evaluations_indicator AS place WHERE place.id = NEW.id;
    IF (now.parent_id IS NULL AND now.level <> 1) OR (now.parent_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM evaluations_indicator AS above WHERE above.id = now.parent_id
        AND above.level = now.level - 1 AND above.scheme_version_id = now.scheme_version_id
    )) OR EXISTS (
        SELECT FROM evaluations_indicator AS below WHERE below.parent_id = now.id
        AND below.level <> now.level + 1
    ) THEN
        RAISE EXCEPTION 'the levels above and below indicator % do not count', now.key
        USING ERRCODE = 'check_violation', CONSTRAINT = 'indicator_levels_count';
    END IF;
    RETURN NULL;
"""
# Once a round stands on a version, its tree stands still.
TREE_IS_FROZEN = """
    IF EXISTS (
        SELECT FROM evaluations_schemeversion AS version
        WHERE version.id = NEW.scheme_version_id AND version.frozen_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the scheme of indicator % is frozen', NEW.key
        USING ERRCODE = 'check_violation', CONSTRAINT = 'indicator_of_a_draft';
    END IF;
    RETURN NEW;
"""
# A score lies within its leaf, on a sheet of the same scheme, and comes in the step of its hand.
SCORE_FITS = """
    SELECT round.state, (
        leaf.scheme_version_id = round.scheme_version_id AND coalesce(NEW.points, 0) <= leaf.weight
        AND leaf.source <> ''
    ) AS fits INTO found FROM evaluations_scorecard AS card
    JOIN evaluations_round AS round ON round.id = card.round_id
    JOIN evaluations_indicator AS leaf ON leaf.id = NEW.indicator_id
    WHERE card.id = NEW.scorecard_id;
    IF found.fits IS NOT TRUE THEN
        RAISE EXCEPTION 'score % does not fit its indicator', NEW.points
        USING ERRCODE = 'check_violation', CONSTRAINT = 'score_fits_its_indicator';
    END IF;
    IF NOT (found.state || ':' || {whose}) = ANY (ARRAY[{places}]) THEN
        RAISE EXCEPTION 'no score of % while the round is %', {whose}, found.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'score_comes_in_its_step';
    END IF;
    RETURN NEW;
"""


def levels_count() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="levels_count",
        level=pgtrigger.Row,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("now", "record")],
        func=LEVELS_COUNT,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
    )


def tree_is_frozen() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="only_of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=TREE_IS_FROZEN,
    )


def score_fits(whose: str, places: list[str]) -> pgtrigger.Trigger:
    """`places` are the `state:hand` in which a row may be written; `whose` gives the hand."""
    listed = ", ".join(f"'{place}'" for place in sorted(places))
    return pgtrigger.Trigger(
        name="fits_its_indicator",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("found", "record")],
        func=SCORE_FITS.replace("{whose}", whose).replace("{places}", listed),
    )
