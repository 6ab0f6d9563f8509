"""Affinity from expertise: shares that one can count by hand, likeness of texts, weights."""

import numpy as np
import pytest

from terreau.methods.assignment.affinity import mixed, overlap, text_likeness


def test_overlap_is_the_share_of_the_files_values_that_the_juror_knows():
    found = overlap([["emploi", "ruralité"], [], ["emploi"]], [["emploi", "santé", "emploi"], []])
    assert found.tolist() == [[0.5, 0.0], [0.0, 0.0], [1.0, 0.0]]


def test_texts_alike_score_more_whatever_accents_and_endings():
    files = ["Insertion des jeunes diplômés", "Rénovation énergétique des logements", ""]
    jurors = ["insérer les jeunes diplomes des quartiers", "énergie, logement, rénovation", "…"]
    found = text_likeness(files, jurors)
    assert found[0].argmax() == 0
    assert found[1].argmax() == 1
    assert (found[2] == 0).all()
    assert (found[:, 2] == 0).all()
    assert text_likeness(["même texte"], ["meme TEXTE"])[0, 0] == pytest.approx(1)


def test_order_of_texts_does_not_matter():
    texts = ["a b emploi", "rural", "jeunes ruraux"]
    assert np.allclose(text_likeness(texts, texts), text_likeness(texts, texts).T)


def test_parts_that_are_missing_leave_their_weight_to_the_others():
    one, two = np.array([[1.0]], dtype=np.float32), np.array([[0.5]], dtype=np.float32)
    assert mixed({"themes": one, "publics": two})[0, 0] == pytest.approx((0.4 + 0.1) / 0.6)
    with pytest.raises(ValueError, match="weight"):
        mixed({"other": one})
