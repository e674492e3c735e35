"""Writes the network as ONNX with small weights.

usage: export.py CHECKPOINT[,CHECKPOINT] OUT.onnx [--weights int8|float16|float32] [--mirrored]
Of two trainers that met (train.py --peer) the mean is taken.
Weights are kept as int8 with one scale a channel (pointwise) or as float16 (the few others) and made float32 by Cast and Mul nodes,
which onnxruntime works out once when it loads the file: the download is small and the run as quick as float32.
--mirrored: the network looks at the mirror image too (network.py).
Input `image` 1 x 3 x height x width, RGB -1..1, both multiples of 32; output `disparity` 1 x 1 x height x width, larger is nearer."""
import argparse
import os
import tempfile
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from network import DepthNet

OPSET = 13


def checkpoint_network(path, mirrored=False):
    """The mean of the weights of one run or of several, ready to answer."""
    states = [torch.load(part, map_location='cpu')['mean'] for part in path.split(',')]
    network = DepthNet(mirrored=mirrored)
    network.load_state_dict({name: sum(state[name] for state in states) / len(states) if value.dtype.is_floating_point else value for name, value in states[0].items()})
    return network.eval().folded()


def plain_onnx(network):
    example = torch.zeros(1, 3, 96, 128)
    free = {'image': {2: 'height', 3: 'width'}, 'disparity': {2: 'height', 3: 'width'}}
    # Newer versions of PyTorch have another exporter by default, which needs packages that Debian lacks.
    newer = {'dynamo': False} if 'dynamo' in torch.onnx.export.__code__.co_varnames else {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'network.onnx')
        torch.onnx.export(network, example, path, opset_version=OPSET, input_names=['image'], output_names=['disparity'], dynamic_axes=free, **newer)
        return onnx.load(path)


def small_weights(model, kind):
    """Replaces the float32 weights of convolutions by smaller ones and the nodes that restore them."""
    graph, restored = model.graph, []
    for tensor in list(graph.initializer):
        weights = numpy_helper.to_array(tensor)
        if weights.dtype != np.float32 or weights.ndim != 4 or kind == 'float32':
            continue
        name = tensor.name
        graph.initializer.remove(tensor)
        if kind == 'int8' and weights.shape[2:] == (1, 1):
            scale, codes = rounded(weights)
            graph.initializer.extend([numpy_helper.from_array(codes, name + '_int8'), numpy_helper.from_array(scale, name + '_scale')])
            restored.append(helper.make_node('Cast', [name + '_int8'], [name + '_float'], to=onnx.TensorProto.FLOAT))
            restored.append(helper.make_node('Mul', [name + '_float', name + '_scale'], [name]))
        else:
            graph.initializer.append(numpy_helper.from_array(weights.astype(np.float16), name + '_half'))
            restored.append(helper.make_node('Cast', [name + '_half'], [name], to=onnx.TensorProto.FLOAT))
    nodes = restored + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def rounded(weights):
    """int8 codes and the scale of each output channel that leaves the least squared error of a few tried."""
    flat = weights.reshape(len(weights), -1)
    best, error = None, np.full(len(flat), np.inf)
    for shrink in np.linspace(.8, 1, 9):
        scale = np.maximum(np.abs(flat).max(1) * shrink / 127, 1e-12)[:, None]
        codes = np.clip(np.round(flat / scale), -127, 127)
        now = ((codes * scale - flat) ** 2).sum(1)
        better = now < error
        best = (codes.copy(), scale.copy()) if best is None else (np.where(better[:, None], codes, best[0]), np.where(better[:, None], scale, best[1]))
        error = np.minimum(error, now)
    return best[1].astype(np.float32).reshape(-1, 1, 1, 1), best[0].astype(np.int8).reshape(weights.shape)


def write(model, out):
    model.producer_name, model.producer_version, model.doc_string = 'unflat', '', ''
    for node in model.graph.node:
        node.doc_string = ''
    onnx.checker.check_model(model)
    onnx.save(model, out)
    print('%s: %d bytes, opset %d' % (out, os.path.getsize(out), OPSET))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('checkpoint')
    parser.add_argument('out')
    parser.add_argument('--weights', choices=('int8', 'float16', 'float32'), default='int8')
    parser.add_argument('--mirrored', action='store_true')
    options = parser.parse_args()
    model = small_weights(plain_onnx(checkpoint_network(options.checkpoint, options.mirrored)), options.weights)
    write(model, options.out)


if __name__ == '__main__':
    main()
