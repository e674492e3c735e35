"""Trains, exports and asks the inpainting network on a few made-up crops: does everything still work together?

usage: inpaint_smoke.py FOLDER
Prints one line of JSON: what is left of the first filling's error at the beginning and at the end, bytes and signature of the ONNX, how far it is
from PyTorch, and what it changes outside holes."""
import argparse
import json
import os
import re
import numpy as np
import onnx
import torch
from inpaint_crops import SIDE, load, plain
from inpaint_network import InpaintNet
from smoke import call

HERE = os.path.dirname(os.path.abspath(__file__))


def crop(random):
    """Slopes of colour; the first filling of a band in the middle is far too dark, so there is something to learn."""
    down, across = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    picture = np.stack([120 + 100 * (random.uniform(-1, 1) * (down - .5) + random.uniform(-1, 1) * (across - .5)) for _ in range(3)], 2)
    hidden = np.zeros((SIDE, SIDE))
    left = random.integers(50, 80)
    hidden[:, left:left + 30] = 1
    given = picture - 60 * hidden[..., None]
    return b''.join(np.ascontiguousarray(part, np.uint8).tobytes() for part in (picture, given, hidden, hidden))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    folder = parser.parse_args().folder
    random = np.random.default_rng(1)
    crops, run, out = folder + '/crops.bin', folder + '/inpaint.pt', folder + '/inpaint.onnx'
    with open(crops, 'wb') as file:
        for _ in range(8):
            file.write(crop(random))
    told = call(HERE + '/inpaint_train.py', crops, crops, run, '--steps', '16', '--batch', '3', '--float32', '--save', '0', '--cool', '.2')
    left = [float(value) for value in re.findall(r'squares (\S+),', told)]
    call(HERE + '/inpaint_export.py', run, out)
    model = onnx.load(out)
    ends = [value.name for value in (*model.graph.input, *model.graph.output)]
    result = {'first': left[0], 'last': left[-1], 'bytes': os.path.getsize(out), 'ends': ends, 'opset': model.opset_import[0].version, 'apart': None}
    network = InpaintNet()
    network.load_state_dict(torch.load(run, map_location='cpu')['mean'])
    _, given, mask, _ = plain(load(crops, 1), 128)
    with torch.no_grad():
        ours = network.eval()(given, mask)
    result['outside'] = float(((ours - given).abs() * (1 - mask)).max())
    try:
        from onnxruntime import InferenceSession
        answer = InferenceSession(out, providers=['CPUExecutionProvider']).run(None, {'image': given.contiguous().numpy(), 'mask': mask.numpy()})[0]
        result['apart'] = float(np.abs(answer - ours.numpy()).max())
    except ImportError:
        pass  # no onnxruntime here
    print(json.dumps(result))


if __name__ == '__main__':
    main()
