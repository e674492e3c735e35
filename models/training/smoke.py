"""Trains, exports and asks the network on a handful of made-up pictures: does everything still work together?

usage: smoke.py FOLDER
Prints one line of JSON: the losses of the first and the last steps, bytes and signature of the ONNX, how far it is from PyTorch,
and how differently a picture and its mirror image are seen by the network as trained and by the mirrored one."""
import argparse
import json
import os
import re
import subprocess
import sys
import cv2
import numpy as np
from store import Writer

HERE = os.path.dirname(os.path.abspath(__file__))


def picture(random, height=96, width=128):
    """Discs before a slope, the nearer the brighter."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    disparity = .1 + .4 * down / height
    rgb = np.repeat((60 + 120 * disparity)[..., None], 3, 2)
    for near in np.sort(random.uniform(.3, 1, 4)):
        y, x, r = random.uniform(0, height), random.uniform(0, width), random.uniform(8, 28)
        inside = (down - y) ** 2 + (across - x) ** 2 < r * r
        disparity[inside] = near
        rgb[inside] = 255 * near * random.uniform(.8, 1, 3)
    return np.clip(rgb + random.normal(0, 4, rgb.shape), 0, 255).astype(np.uint8), disparity


def call(*words):
    done = subprocess.run([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(done.stdout)
    return done.stdout


def lopsided(run, rgb, mirrored):
    """How far what is seen as a whole in the mirror image is from the mirror image of what is seen, as a share of its range."""
    import torch
    from export import checkpoint_network
    network = checkpoint_network(run, mirrored)
    # At 96 pixels both views are of one size, so that nothing but the mirror image is between them.
    x = torch.from_numpy(rgb[:96, :96]).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        once, other = network.seen(x)[0], network.seen(torch.flip(x, [3]))[0]
    return float((torch.flip(other, [3]) - once).abs().max() / (once.max() - once.min()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    folder = parser.parse_args().folder
    random = np.random.default_rng(1)
    writer = Writer(folder + '/data/photos')
    for _ in range(24):
        writer.add(*picture(random))
    run, onnx_path = folder + '/run.pt', folder + '/network.onnx'
    told = call(HERE + '/train.py', folder + '/data', '-', run, '--steps', '30', '--batch', '4', '--scale', '.34', '--mix', 'photos=1', '--float32', '--freeze', '0', '--tell', '0')
    losses = [float(value) for value in re.findall(r'photos (\S+)', told)]
    call(HERE + '/export.py', run, onnx_path, '--mirrored')

    import onnx
    from predict import runner
    model = onnx.load(onnx_path)
    ends = [value.name for value in (*model.graph.input, *model.graph.output)]
    result = {'first': float(np.mean(losses[:5])), 'last': float(np.mean(losses[-5:])), 'bytes': os.path.getsize(onnx_path), 'ends': ends, 'opset': model.opset_import[0].version}
    try:
        rgb = cv2.resize(picture(random)[0], (128, 96))
        ours, exported = runner(run, mirrored=True)(rgb), runner(onnx_path)(rgb)
        result['shape'] = list(exported.shape)
        result['lopsided'] = [lopsided(run, rgb, mirrored) for mirrored in (False, True)]
        result['apart'] = float(np.abs(ours - exported).max() / (np.ptp(ours) + 1e-9))
    except ImportError:
        result['apart'] = None  # no onnxruntime here
    print(json.dumps(result))


if __name__ == '__main__':
    main()
