"""Floating-point operations: how many a model needs, and how many a second this machine gives at best."""

import contextlib
import io
import logging
import math
import time

import tensorflow as tf

_LOOPS = {"While", "StatelessWhile", "LoopCond"}


def forward_flops(model, x) -> float | None:
    """Floating-point operations of a forward pass over a batch, as TensorFlow's profiler counts them.

    Matrix products, convolutions and Einsum count two for each multiplication with its addition; a training step
    needs about three times as many, since the backward pass has two such products for each one here.

    Args:
        model: built.
        x: one batch of inputs, or tensors' specs; only shape and dtype are used.

    Returns:
        The count, or None for a model with a loop, such as an LSTM: the graph does not tell how often it runs.
    """
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2_as_graph

    spec = tf.nest.map_structure(lambda each: tf.TensorSpec(each.shape, tf.as_dtype(each.dtype)), x)
    function = tf.function(lambda inputs: model(inputs, training=False)).get_concrete_function(spec)
    _, graph = convert_variables_to_constants_v2_as_graph(function)
    return None if any(node.op in _LOOPS for node in graph.node) else _counted(graph)


def _counted(graph):
    from tensorflow.python.profiler import model_analyzer, option_builder

    _teach_einsum()
    options = option_builder.ProfileOptionBuilder(option_builder.ProfileOptionBuilder.float_operation())
    with tf.Graph().as_default() as copy, _quiet():
        tf.graph_util.import_graph_def(graph, name="")
        counted = model_analyzer.profile(copy, options=options.with_empty_output().build())
    return float(counted.total_float_ops)


def _teach_einsum():
    """Tell the profiler of Einsum, which it does not know and Keras's attention is made of."""
    from tensorflow.python.framework import graph_util, ops

    with contextlib.suppress(KeyError):  # it has been told before

        @ops.RegisterStatistics("Einsum", "flops")
        def einsum(graph, node):
            shapes = [graph_util.tensor_shape_from_node_def_name(graph, name).as_list() for name in node.input]
            output = graph_util.tensor_shape_from_node_def_name(graph, node.name).as_list()
            summed = summed_over(node.attr["equation"].s.decode(), shapes)
            return ops.OpStats("flops", 2 * math.prod(output) * math.prod(summed.values()))


def summed_over(equation: str, shapes) -> dict[str, int]:
    """The indices an Einsum sums over, with their sizes: {"c": 16} for "abc,cd->abd" of (4, 10, 16) and (16, 8)."""
    inputs, output = equation.replace(" ", "").split("->")
    sizes = {}
    for term, shape in zip(inputs.split(","), shapes, strict=True):
        before, _, after = term.partition("...")
        sizes |= dict(zip(before, shape, strict=False)) | dict(zip(after[::-1], shape[::-1], strict=False))
    return {index: size for index, size in sizes.items() if index not in output}


@contextlib.contextmanager
def _quiet():
    """The profiler prints its progress, and warns that it is old."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.setLevel(level)


def matrix_product_peak(size: int = 1024, rounds: int = 5) -> float:
    """Floating-point operations per second of a float32 product of two (size, size) matrices: the best round's."""
    a = tf.random.stateless_normal((size, size), seed=(0, 0))
    product = tf.function(lambda: tf.reduce_sum(tf.linalg.matmul(a, a)))
    float(product())
    return 2 * size**3 / min(_timed(product) for _ in range(rounds))


def _timed(function):
    began = time.perf_counter()
    float(function())  # waits for the device
    return time.perf_counter() - began
