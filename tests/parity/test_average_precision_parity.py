"""Average precision against COCO's own evaluator, on random images full of ties, touching and empty boxes."""

import contextlib
import io

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from dlcourse.detection import average_precision, precision_recall

NAMES = ["AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large"]
NAMES += ["AR_1", "AR_10", "AR_100", "AR_small", "AR_medium", "AR_large"]


def drawn(rng, images, classes, objects, detections, crowds):
    """Predictions and truths of random images; many detections are an object's box, moved a little."""
    predictions, truths = [], []
    for _ in range(images):
        m, n = rng.integers(0, objects + 1), rng.integers(0, detections + 1)
        boxes = placed(rng, m)
        truth = {"boxes": boxes, "classes": rng.integers(0, classes, m), "crowd": rng.random(m) < crowds}
        if rng.random() < 0.5:
            truth["areas"] = rng.uniform(0, 150**2, m)
        near = rng.random(n) < (0.8 if m else 0)
        which = rng.integers(0, max(m, 1), n)
        moved, at = placed(rng, n), which[near]
        moved[near] = boxes[at] + rng.integers(0, 3, (len(at), 4)) * rng.choice([-1, 1, 5], (len(at), 1))
        moved[:, 2:] = np.maximum(moved[:, :2], moved[:, 2:])
        guessed = rng.integers(0, classes + 1, n)
        guessed[near] = np.where(rng.random(len(at)) < 0.8, truth["classes"][at], guessed[near])
        scores = rng.choice(np.linspace(0.1, 1, 7) if rng.random() < 0.5 else rng.uniform(size=1000), n)
        predictions.append({"boxes": moved, "scores": scores, "classes": guessed})
        truths.append(truth)
    return predictions, truths


def placed(rng, count):
    corner = rng.integers(0, 100, (count, 2))
    size = rng.integers(0, [12, 40, 130][rng.integers(3)], (count, 2))
    return np.concatenate([corner, corner + size], axis=1).astype(float)


def by_pycocotools(predictions, truths, classes):
    """COCOeval after its run."""
    annotations, results = [], []
    for image, (found, truth) in enumerate(zip(predictions, truths, strict=True), 1):
        areas = truth.get("areas", np.prod(truth["boxes"][:, 2:] - truth["boxes"][:, :2], axis=1))
        for box, each, crowd, area in zip(truth["boxes"], truth["classes"], truth["crowd"], areas, strict=True):
            annotations.append(
                {"id": len(annotations) + 1, "image_id": image, "category_id": int(each), "bbox": wide(box)}
                | {"iscrowd": int(crowd), "area": float(area)}
            )
        for box, score, each in zip(found["boxes"], found["scores"], found["classes"], strict=True):
            results.append({"image_id": image, "category_id": int(each), "bbox": wide(box), "score": float(score)})
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "images": [{"id": image} for image in range(1, len(truths) + 1)],
            "categories": [{"id": each} for each in range(classes)],
            "annotations": annotations,
        }
        truth.createIndex()
        # A result without area is what loadRes makes of a box.
        found = COCO()
        found.dataset = dict(truth.dataset) | {
            "annotations": [
                each | {"id": i, "area": each["bbox"][2] * each["bbox"][3], "iscrowd": 0}
                for i, each in enumerate(results, 1)
            ]
        }
        found.createIndex()
        evaluation = COCOeval(truth, found, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def wide(box):
    return [float(box[0]), float(box[1]), float(box[2] - box[0]), float(box[3] - box[1])]


@pytest.mark.parametrize("crowds", [0, 0.2])
@pytest.mark.parametrize(("objects", "detections"), [(4, 6), (1, 2), (12, 40), (3, 250)])
def test_every_figure_is_cocos(objects, detections, crowds):
    rng = np.random.default_rng(objects + detections)
    for _ in range(40 if detections < 100 else 5):
        classes = int(rng.integers(1, 4))
        predictions, truths = drawn(rng, int(rng.integers(1, 8)), classes, objects, detections, crowds)
        expected = by_pycocotools(predictions, truths, classes)
        ours = average_precision(predictions, truths)
        theirs = np.where(expected.stats == -1, np.nan, expected.stats)
        np.testing.assert_allclose([ours[name] for name in NAMES], theirs, atol=1e-9)
        compare_classes(ours["per_class"], expected.eval["precision"], classes)


def compare_classes(ours, precision, classes):
    for each in range(classes):
        values = precision[:, :, each, 0, -1]
        if (values == -1).any():
            assert each not in ours or np.isnan(ours[each]["AP"])
        else:
            answer = [ours[each][name] for name in ("AP", "AP50", "AP75")]
            np.testing.assert_allclose(answer, [values.mean(), values[0].mean(), values[5].mean()], atol=1e-9)


def test_the_curve_lies_under_cocos_and_ends_at_its_recall():
    rng = np.random.default_rng(0)
    for _ in range(60):
        predictions, truths = drawn(rng, 5, 1, 6, 12, 0.1)
        evaluation = by_pycocotools(predictions, truths, 1)
        if not sum((~each["crowd"]).sum() for each in truths):
            continue
        curve = precision_recall(predictions, truths, class_id=0)
        assert (curve.recall[-1] if len(curve.recall) else 0) == pytest.approx(evaluation.eval["recall"][0, 0, 0, -1])
        raised = [curve.precision[curve.recall >= level].max(initial=0) for level in np.linspace(0, 1, 101)]
        np.testing.assert_allclose(raised, evaluation.eval["precision"][0, :, 0, 0, -1], atol=1e-9)
