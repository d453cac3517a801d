"""Which precision and whether XLA: the rules by device, and what `setup` chose by them."""

PRECISIONS = ("auto", "float32", "mixed_bfloat16", "mixed_float16", "float64")
XLA = ("auto", True, False)

# Words in the names of layer classes, and what such a layer is.
_WORDS = {
    "convolution": ("Conv",),
    "recurrent": ("RNN", "LSTM", "GRU"),
    "attention": ("Attention",),
    "embedding": ("Embedding",),
}

_chosen = {"xla": "auto", "deterministic": False}


def choose_precision(capabilities) -> str:
    """The Keras dtype policy that gains on these GPUs, given their CUDA compute capabilities (None: not a CUDA device).

    Tensor cores multiply float16 from 7.0 on and bfloat16 from 8.0 on (NVIDIA, CUDA C++ Programming Guide). All GPUs
    must have them, since they train one model together. With no GPU it is float32: emulated bfloat16 trained about nine
    times slower on a processor with AVX2 alone.
    """
    capabilities = list(capabilities)
    if not capabilities or None in capabilities:
        return "float32"
    weakest = min(tuple(each) for each in capabilities)
    if weakest >= (8, 0):
        return "mixed_bfloat16"
    return "mixed_float16" if weakest >= (7, 0) else "float32"


def jit_compile_for(model):
    """What to pass as `model.compile(jit_compile=…)` for this model on this device, after `setup`.

    `setup(xla=True | False)` decides for every model. With "auto", a GPU is left to Keras's own choice ("auto"). On a
    processor it is False for a model with a convolution or a recurrent layer, True for another one with attention or
    an embedding, and False for the rest. (Keras's own choice on a processor is False for all.)

    Measured on two cores with AVX2, in float32: with XLA a small CNN trained at 0.5 times its speed without, a simple
    RNN at 0.6, an LSTM at 0.7 to 1.3, a dense network at 0.9 to 1.2, a bag of embeddings at 2, a small GPT at 2 to 3.
    """
    if _chosen["xla"] != "auto":
        return _chosen["xla"]
    if _has_gpu():
        return "auto"
    kinds = {kind for layer in model._flatten_layers() for kind in _kinds(layer)}
    return not kinds & {"convolution", "recurrent"} and bool(kinds & {"attention", "embedding"})


def _kinds(layer):
    """What a layer is, told by the names of its class and of the classes it derives from, Keras's or anybody's."""
    names = [each.__name__ for each in type(layer).__mro__]
    return {kind for kind, words in _WORDS.items() if any(word in name for word in words for name in names)}


def remember(xla, deterministic: bool) -> None:
    """Keep what `setup` chose for `jit_compile_for` and the device report."""
    _chosen.update(xla=xla, deterministic=deterministic)


def deterministic() -> bool:
    """Whether `setup` made every TensorFlow operation deterministic; it cannot be undone in a process."""
    return _chosen["deterministic"]


def describe_xla() -> str:
    """XLA's part of the device line: "on", "off" or "by model"."""
    return {"auto": "by model", True: "on", False: "off"}[_chosen["xla"]]


def precision_in_use() -> str:
    """The name of Keras's global dtype policy, such as "float32" or "mixed_bfloat16"."""
    import keras

    return keras.config.dtype_policy().name


def _has_gpu():
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))
