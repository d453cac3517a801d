"""The ideas by hand, in plain NumPy: each equation beside the line that is the equation.

Examples stand in rows: X (m, n), y (m,), weights W (n_in, n_out). Everything here is proved equal to an independent
implementation in tests/parity, and is written to be read; for work at size use Keras.
"""

from dlcourse.scratch import activations, initialisation, losses, optimizers
from dlcourse.scratch.bleu_score import bleu, bleu_counts
from dlcourse.scratch.byte_pairs import BytePairs, learn_merges, merge_pair
from dlcourse.scratch.convolution import conv_backward, conv_forward, convolve, correlate
from dlcourse.scratch.descent import DivergenceError, History, gradient_descent
from dlcourse.scratch.gradient_check import GradientCheck, central_differences, check_gradient
from dlcourse.scratch.gru import gru_backward, gru_forward
from dlcourse.scratch.line import Line, least_squares
from dlcourse.scratch.logistic_regression import (
    LogisticRegression,
    logistic_cost,
    logistic_gradient,
    logistic_hessian,
)
from dlcourse.scratch.lstm import lstm_backward, lstm_forward
from dlcourse.scratch.mlp import MLP
from dlcourse.scratch.neuron import Neuron
from dlcourse.scratch.ngram import NGram
from dlcourse.scratch.optimizers import SGD, Adam, RMSprop
from dlcourse.scratch.perceptron import Perceptron
from dlcourse.scratch.pooling import average_pool, average_pool_backward, max_pool, max_pool_backward
from dlcourse.scratch.recurrent_net import RecurrentNet, clip_by_norm, recurrent_matrix, spectral_radius
from dlcourse.scratch.residual import ResidualPass, residual_backward, residual_forward
from dlcourse.scratch.rnn import rnn_backward, rnn_forward
from dlcourse.scratch.windows import output_length, same_padding

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "BytePairs",
    "DivergenceError",
    "GradientCheck",
    "History",
    "Line",
    "LogisticRegression",
    "NGram",
    "Neuron",
    "Perceptron",
    "RMSprop",
    "RecurrentNet",
    "ResidualPass",
    "activations",
    "average_pool",
    "average_pool_backward",
    "bleu",
    "bleu_counts",
    "central_differences",
    "check_gradient",
    "clip_by_norm",
    "conv_backward",
    "conv_forward",
    "convolve",
    "correlate",
    "gradient_descent",
    "gru_backward",
    "gru_forward",
    "initialisation",
    "learn_merges",
    "least_squares",
    "logistic_cost",
    "logistic_gradient",
    "logistic_hessian",
    "losses",
    "lstm_backward",
    "lstm_forward",
    "max_pool",
    "max_pool_backward",
    "merge_pair",
    "optimizers",
    "output_length",
    "recurrent_matrix",
    "residual_backward",
    "residual_forward",
    "rnn_backward",
    "rnn_forward",
    "same_padding",
    "spectral_radius",
]
