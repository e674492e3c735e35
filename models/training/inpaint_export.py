"""Writes the inpainting network as ONNX with small weights (see export.py).

usage: inpaint_export.py CHECKPOINT OUT.onnx [--weights int8|float16|float32]
Inputs `image` 1 x 3 x height x width, RGB -1..1, and `mask` 1 x 1 x height x width, 1 = hidden, both multiples of 64; output `colour` like `image`."""
import argparse
import os
import tempfile
import onnx
import torch
from export import OPSET, small_weights, write
from inpaint_network import MULTIPLE, InpaintNet


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('checkpoint')
    parser.add_argument('out')
    parser.add_argument('--weights', choices=('int8', 'float16', 'float32'), default='int8')
    options = parser.parse_args()
    network = InpaintNet()
    network.load_state_dict(torch.load(options.checkpoint, map_location='cpu')['mean'])
    example = torch.zeros(1, 3, MULTIPLE, 2 * MULTIPLE), torch.zeros(1, 1, MULTIPLE, 2 * MULTIPLE)
    free = {name: {2: 'height', 3: 'width'} for name in ('image', 'mask', 'colour')}
    newer = {'dynamo': False} if 'dynamo' in torch.onnx.export.__code__.co_varnames else {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'network.onnx')
        torch.onnx.export(network.eval().folded(), example, path, opset_version=OPSET, input_names=['image', 'mask'], output_names=['colour'], dynamic_axes=free, **newer)
        model = small_weights(onnx.load(path), options.weights)
    write(model, options.out)


if __name__ == '__main__':
    main()
