"""tf.distribute strategies under which Keras's own loop ends with the weights that one device would have.

Keras 3 with TensorFlow trains under MirroredStrategy, with two faults, and not at all under
MultiWorkerMirroredStrategy (keras-team/keras#20585). What `_Exact` puts right, by the methods of a strategy that
Keras calls:

- A batch that does not divide evenly. Keras takes the mean of the replicas' means, in which an example of a smaller
  share weighs more. Here each share counts by what its mean was taken over.
- Gradients are clipped before they are summed over the replicas. Here the sum is clipped, as on one device.
- Shares without a row, in a last batch smaller than the number of replicas, are trained on a row that counts nothing.
- Between machines, Keras reduces single numbers along an axis they do not have.
"""

import contextlib
import functools
import inspect
import threading

import keras
import tensorflow as tf

from dlcourse.training.distribution_cluster import Cluster
from dlcourse.training.distribution_workers import worker_lost

_SUM = tf.distribute.ReduceOp.SUM


class _Exact:
    """What both strategies have in common; stands before a strategy of TensorFlow's."""

    def experimental_distribute_dataset(self, dataset, options=None):
        """Deal each batch out to the replicas: as even as can be, the first ones take what is left over.

        Every worker goes through the same dataset and keeps its own rows, so the steps are those of one device.
        """
        return self.distribute_datasets_from_function(lambda context: self._shares(dataset, context), options)

    def _shares(self, dataset, context):
        replicas = self.num_replicas_in_sync
        local = replicas // context.num_input_pipelines
        mine = range(local * context.input_pipeline_id, local * (context.input_pipeline_id + 1))

        def deal(*batch):
            batch = batch if isinstance(dataset.element_spec, tuple) else batch[0]
            shares = [tf.data.Dataset.from_tensors(_share(batch, each, replicas)) for each in mine]
            return functools.reduce(tf.data.Dataset.concatenate, shares)

        return dataset.flat_map(deal).prefetch(2 * local)

    def run(self, fn, args=(), kwargs=None, options=None):
        """As tf.distribute's; a Keras model's `train_step` is run so that every row of the batch counts the same."""
        model = getattr(fn, "__self__", None)
        if not isinstance(model, keras.Model) or fn.__name__ != "train_step" or self.num_replicas_in_sync == 1:
            return super().run(fn, args, kwargs, options)
        if getattr(model.optimizer, "gradient_accumulation_steps", None):
            raise ValueError(
                "optimizer has gradient_accumulation_steps, which Keras cannot do on several devices: take a smaller "
                "batch_size or one device."
            )
        with _weighted(model) as weights:
            return super().run(lambda data: fn(weights.prepare(data)), args, kwargs, options)

    def reduce(self, reduce_op, value, axis):
        """As tf.distribute's, and what Keras asks of it between machines besides.

        A whole batch, from which Keras only wants the shapes: this worker's first share. A single number a replica
        that is to be reduced along axis 0: over the replicas.
        """
        if isinstance(value, (tuple, list, dict)):
            return tf.nest.map_structure(lambda each: self.experimental_local_results(each)[0], value)
        scalar = all(each.shape.rank == 0 for each in self.experimental_local_results(value))
        return super().reduce(reduce_op, value, axis=None if scalar else axis)


class Mirrored(_Exact, tf.distribute.MirroredStrategy):
    """The devices of one machine."""


class MultiWorker(_Exact, tf.distribute.MultiWorkerMirroredStrategy):
    """The devices of several machines, or of several processes.

    Raises:
        WorkerLostError: on leaving `scope()`, in place of TensorFlow's error, when another worker is gone.
    """

    def __init__(self, cluster: Cluster):
        with worker_lost(cluster):
            super().__init__(_Resolver(cluster))
        self.cluster = cluster

    @contextlib.contextmanager
    def scope(self):
        with worker_lost(self.cluster), super().scope():
            yield self


class _Resolver(tf.distribute.cluster_resolver.TFConfigClusterResolver):
    """A cluster as TensorFlow asks for it; of this class, because only then it counts the GPUs without using them."""

    def __init__(self, cluster):
        kind, index = cluster.task
        super().__init__(task_type=kind, task_id=index, rpc_layer="grpc")
        self._cluster = cluster

    def cluster_spec(self):
        return tf.train.ClusterSpec(self._cluster.jobs)


def _share(batch, index, replicas):
    """The rows of one replica."""
    rows = tf.shape(tf.nest.flatten(batch)[0])[0]
    size, left = rows // replicas, rows % replicas
    start = index * size + tf.minimum(index, left)
    stop = start + size + tf.cast(index < left, tf.int32)
    return tf.nest.map_structure(lambda each: each[start:stop], batch)


class _Weights(threading.local):
    """How much the share of each replica counts; replicas are traced in threads of their own."""

    def prepare(self, data):
        """The same data, or a row of ones where there is none: layers need not cope with an empty batch."""
        tensors = tf.nest.flatten(data)
        if tensors[0].shape[0]:
            self.some = tf.constant(True)
            return data
        self.some = tf.shape(tensors[0])[0] > 0
        return tf.nest.map_structure(lambda each: tf.cond(self.some, lambda: each, lambda: _one_row(each)), data)

    def measure(self, loss, y_pred, sample_weight):
        """Compare what the mean was taken over, here and in the whole batch."""
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        mine = tf.where(self.some, _counted(loss, y_pred, sample_weight), 0.0)
        everyones = tf.distribute.get_replica_context().all_reduce(_SUM, mine)
        self.weight = tf.math.divide_no_nan(replicas * mine, everyones)


def _one_row(tensor):
    return tf.ones(tf.concat([[1], tf.shape(tensor)[1:]], 0), tensor.dtype)


def _counted(loss, y_pred, sample_weight):
    """What Keras divided the sum of a share's losses by, up to a factor that is the same for all shares.

    For a sum it is nothing, and for a mean the rows, or the steps that are not masked, or the weights. Of several
    outputs the first masked one is asked.
    """
    reductions = {each.reduction for each in tf.nest.flatten(loss) if isinstance(each, keras.losses.Loss)}
    if reductions == {"sum"}:
        return tf.ones(())
    outputs = [each for each in tf.nest.flatten(y_pred) if each is not None]
    mask = next((each._keras_mask for each in outputs if getattr(each, "_keras_mask", None) is not None), None)
    counted = tf.ones(tf.shape(outputs[0])[:1]) if mask is None else tf.cast(mask, tf.float32)
    if reductions == {"mean_with_sample_weight"} and sample_weight is not None:
        weights = tf.cast(sample_weight, tf.float32)
        missing = len(counted.shape) - len(weights.shape)
        counted *= tf.reshape(weights, tf.concat([tf.shape(weights), tf.ones(max(missing, 0), tf.int32)], 0))
    return tf.reduce_sum(counted)


@contextlib.contextmanager
def _weighted(model):
    """While a step is traced or run: the loss of each replica is scaled by its weight, after it is noted."""
    weights = _Weights()
    compute_loss, scale_loss = model.compute_loss, model.optimizer.scale_loss

    def computed(*args, **kwargs):
        given = inspect.signature(compute_loss).bind(*args, **kwargs).arguments
        weights.measure(model.loss, given.get("y_pred"), given.get("sample_weight"))
        return compute_loss(*args, **kwargs)

    def scaled(loss):
        return scale_loss(loss * tf.cast(weights.weight, loss.dtype))

    with contextlib.ExitStack() as replaced:
        replaced.enter_context(_replaced(model, "compute_loss", computed))
        replaced.enter_context(_replaced(model.optimizer, "scale_loss", scaled))
        updating = getattr(model.optimizer, "inner_optimizer", model.optimizer)
        if any((updating.clipnorm, updating.global_clipnorm, updating.clipvalue)):
            clip = functools.partial(_clipped, updating._clip_gradients)
            replaced.enter_context(_replaced(updating, "_clip_gradients", clip))
        yield weights


def _clipped(clip, gradients):
    """Every replica clips the sum, and hands on its part of it to what Keras sums afterwards."""
    summed = iter(
        tf.distribute.get_replica_context().all_reduce(_SUM, [each for each in gradients if each is not None])
    )
    clipped = clip([each if each is None else next(summed) for each in gradients])
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    return [each if each is None else _divided(each, replicas) for each in clipped]


def _divided(gradient, replicas):
    if isinstance(gradient, tf.IndexedSlices):  # of an embedding
        return tf.IndexedSlices(gradient.values / replicas, gradient.indices, gradient.dense_shape)
    return gradient / replicas


@contextlib.contextmanager
def _replaced(thing, name, value):
    """An instance's attribute for a while. In its own dictionary, since Keras tracks what is set as an attribute."""
    attributes = vars(thing)
    before = {name: attributes[name]} if name in attributes else {}
    attributes[name] = value
    try:
        yield
    finally:
        del attributes[name]
        attributes.update(before)
