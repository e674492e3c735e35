"""Reads the convolutions of a TensorFlow Lite file (a FlatBuffer) without TensorFlow, and starts the encoder with them."""
import struct
import numpy as np

CONV, DEPTHWISE = 3, 4
TYPES = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 9: np.int8}


class Table:
    def __init__(self, data, at):
        self.data, self.at = data, at
        self.fields = at - struct.unpack_from('<i', data, at)[0]
        self.size = struct.unpack_from('<H', data, self.fields)[0]

    def place(self, field):
        entry = 4 + 2 * field
        offset = struct.unpack_from('<H', self.data, self.fields + entry)[0] if entry < self.size else 0
        return self.at + offset if offset else None

    def scalar(self, field, code='<i', default=0):
        place = self.place(field)
        return default if place is None else struct.unpack_from(code, self.data, place)[0]

    def follow(self, field):
        place = self.place(field)
        return None if place is None else place + struct.unpack_from('<I', self.data, place)[0]

    def table(self, field):
        at = self.follow(field)
        return None if at is None else Table(self.data, at)

    def vector(self, field, dtype):
        at = self.follow(field)
        return None if at is None else np.frombuffer(self.data, dtype, struct.unpack_from('<I', self.data, at)[0], at + 4)

    def tables(self, field):
        at = self.follow(field)
        count = struct.unpack_from('<I', self.data, at)[0]
        places = [at + 4 + 4 * k for k in range(count)]
        return [Table(self.data, p + struct.unpack_from('<I', self.data, p)[0]) for p in places]


def convolutions(path):
    """Every convolution in order: (weights out x in x k x k, depthwise out x 1 x k x k; bias), float32."""
    with open(path, 'rb') as file:
        data = file.read()
    model = Table(data, struct.unpack_from('<I', data, 0)[0])
    codes = [max(code.scalar(0, '<b'), code.scalar(3)) for code in model.tables(1)]
    graph, buffers = model.tables(2)[0], model.tables(4)
    tensors = graph.tables(0)
    found = []
    for operator in graph.tables(3):
        code = codes[operator.scalar(0, '<I')]
        if code in (CONV, DEPTHWISE):
            inputs = operator.vector(1, np.int32)
            weights = values(tensors[inputs[1]], buffers)
            weights = weights.transpose(0, 3, 1, 2) if code == CONV else weights.transpose(3, 0, 1, 2)
            found.append((np.ascontiguousarray(weights), values(tensors[inputs[2]], buffers)))
    return found


def values(tensor, buffers):
    raw = buffers[tensor.scalar(2, '<I')].vector(0, np.uint8)
    array = raw.view(TYPES[tensor.scalar(1, '<b')]).reshape(tensor.vector(0, np.int32))
    quantised = tensor.table(4)
    scale = quantised.vector(2, np.float32) if quantised else None
    if scale is None or len(scale) == 0:
        return array.astype(np.float32)
    zero = quantised.vector(3, np.int64)
    if len(scale) == 1:
        return (array.astype(np.float32) - zero[0]) * scale[0]
    shape = [1] * array.ndim
    shape[quantised.scalar(6)] = -1
    return (array.astype(np.float32) - zero.reshape(shape)) * scale.reshape(shape)


def start_encoder(encoder, path):
    """Sets the encoder's weights to those of a MobileNetV2 file (its classifier is left out)."""
    import torch
    wanted, there = encoder.convolutions(), convolutions(path)
    for module, (weights, bias) in zip(wanted, there):
        if tuple(module.weight.shape) != weights.shape:
            raise ValueError('%s is not MobileNetV2 1.0: a convolution is %s, expected %s' % (path, weights.shape, tuple(module.weight.shape)))
        with torch.no_grad():
            module.weight.copy_(torch.tensor(weights))
            module.bias.copy_(torch.tensor(bias.copy()))
