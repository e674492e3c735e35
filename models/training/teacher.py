"""The teacher: a public depth network (TCMonoDepth small, MIT) whose answers on free photos are what the network learns from.

Its ONNX file is written for 192 x 320; the same weights answer at any size that is a multiple of 32, so the few constants
that hold the size are rewritten. Needs onnx and onnxruntime."""
import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from predict import short_side

NATIVE = (192, 320)

# What is asked and how much it counts: ('short', side) keeps the aspect, ('squeeze', (height, width)) does not.
# Aspect kept is better outdoors, squeezed is better on near things before a blurred background.
VIEWS = (('short', 256, 2.0), ('squeeze', (256, 256), 1.5), ('squeeze', NATIVE, 1.0))


class Teacher:
    """Relative disparity (larger is nearer) of 8-bit RGB pictures."""

    def __init__(self, path):
        self.path = path
        self.sessions = {}

    def session(self, height, width):
        if (height, width) not in self.sessions:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.log_severity_level = 3
            graph = resized(onnx.load(self.path), height, width).SerializeToString()
            self.sessions[height, width] = onnxruntime.InferenceSession(graph, options, providers=['CPUExecutionProvider'])
        return self.sessions[height, width]

    def once(self, rgb, height, width):
        """Its answer at one size: float32 height x width."""
        small = width < rgb.shape[1]
        picture = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if small else cv2.INTER_LINEAR)
        session = self.session(height, width)
        return session.run(None, {'input': picture.astype(np.float32).transpose(2, 0, 1)[None]})[0][0, 0]

    def label(self, rgb, views=VIEWS):
        """The weighted mean over views and their mirror images, each brought to median 0 and mean distance 1; float32, size of the picture."""
        height, width = rgb.shape[:2]
        mirrored = np.ascontiguousarray(rgb[:, ::-1])
        total, weights = 0, 0
        for kind, size, weight in views:
            h, w = short_side(rgb, size) if kind == 'short' else size
            answer = (self.once(rgb, h, w) + self.once(mirrored, h, w)[:, ::-1]) / 2
            total = total + weight * cv2.resize(standard(answer), (width, height), interpolation=cv2.INTER_LINEAR)
            weights += weight
        return (total / weights).astype(np.float32)


def standard(disparity):
    middle = np.median(disparity)
    return (disparity - middle) / (np.abs(disparity - middle).mean() + 1e-6)


def resized(model, height, width):
    """The graph for another input size: its shuffles and resizes name the size in int64 constants."""
    graph = model.graph
    for value in (graph.input[0], graph.output[0]):
        shape = value.type.tensor_type.shape
        shape.dim[2].dim_value, shape.dim[3].dim_value = height, width
    del graph.value_info[:]
    for tensor in graph.initializer:
        constant = numpy_helper.to_array(tensor)
        if constant.dtype != np.int64 or constant.ndim != 1:
            continue
        if len(constant) == 3:
            constant = np.array([constant[0], constant[1], -1])
        elif len(constant) == 4:
            stride = NATIVE[0] // constant[2]
            constant = np.array([constant[0], constant[1], height // stride, width // stride])
        else:
            continue
        tensor.CopyFrom(numpy_helper.from_array(constant.astype(np.int64), tensor.name))
    return model
