"""A linear map, learned on some people, after which what varies within a person counts least."""

import numbers

import numpy as np


class Whitening:
    """Centre, project on the first principal components, and whiten by the scatter *within* people.

    Directions in which pictures of one person differ (light, pose) are divided by how much they differ there, so that
    what is left weighs alike. It is linear discriminant analysis's first half, and keeps all components.

    Args:
        components: principal components kept, at most as many as features and as examples less one.
        shrinkage: from 0 to 1, the share of the mean variance mixed into each within-person variance: with few people
            small variances are underestimated, and dividing by them blows up noise.

    Example:
        Whitening(100, shrinkage=0.1).fit(features[train], people[train]).transform(features[test])

    Raises:
        ValueError: an argument that is not allowed.

    Source: Fukunaga, *Introduction to statistical pattern recognition* (1990), chapter 10; Ledoit and Wolf, "A
    well-conditioned estimator for large-dimensional covariance matrices" (2004), for the shrinkage.
    """

    def __init__(self, components: int, shrinkage: float = 0.0):
        if isinstance(components, bool) or not isinstance(components, numbers.Integral) or components < 1:
            raise ValueError(f"components is a whole number from 1, not {components!r}.")
        if not isinstance(shrinkage, numbers.Real) or not 0 <= shrinkage <= 1:
            raise ValueError(f"shrinkage is a number from 0 to 1, not {shrinkage!r}.")
        self.components, self.shrinkage = components, shrinkage
        self.mean = self.matrix = None

    def fit(self, features, people) -> "Whitening":
        """Learn from `(n, features)` and whose they are, `(n,)`; gives itself.

        Raises:
            ValueError: shapes do not fit, there are too few examples, or a direction does not vary within any person.
        """
        X, people = np.asarray(features, dtype=np.float64), np.asarray(people)
        if X.ndim != 2 or people.shape != (len(X),):
            raise ValueError(f"features are (n, features) and people (n,), not {X.shape} and {people.shape}.")
        most = min(X.shape[1], len(X) - 1)
        if self.components > most:
            raise ValueError(f"components is at most {most} for features of shape {X.shape}, not {self.components}.")
        self.mean = X.mean(axis=0)
        principal = np.linalg.svd(X - self.mean, full_matrices=False)[2][: self.components].T
        Z = (X - self.mean) @ principal
        variances, directions = np.linalg.eigh(_within(Z, people))  # the variances grow
        if self.shrinkage == 0 and variances[0] <= 1e-9 * variances[-1]:
            raise ValueError(
                f"{self.components} components are too many for shrinkage 0: in some direction no person varies."
            )
        variances = (1 - self.shrinkage) * variances + self.shrinkage * variances.mean()
        self.matrix = principal @ directions / np.sqrt(variances)
        return self

    def transform(self, features) -> np.ndarray:
        """`(m, features)` -> `(m, components)`.

        Raises:
            ValueError: nothing was learned yet, or the features are of another width.
        """
        if self.matrix is None:
            raise ValueError("nothing was learned yet: call fit(features, people) first.")
        X = np.asarray(features, dtype=np.float64)
        if X.ndim != 2 or X.shape[1] != len(self.mean):
            raise ValueError(f"features are (m, {len(self.mean)}), not {X.shape}.")
        return (X - self.mean) @ self.matrix


def _within(Z, people):
    """The covariance round each person's own mean, pooled over people, `(components, components)`."""
    people_there, whose = np.unique(people, return_inverse=True)
    if len(people_there) == len(Z):
        raise ValueError("people: nobody has two pictures, so nothing varies within a person.")
    means = np.stack([Z[whose == one].mean(axis=0) for one in range(len(people_there))])
    rest = Z - means[whose]
    return rest.T @ rest / (len(Z) - len(people_there))
