"""What the network answers in PyTorch, before its weights were made small (export.py --mirrored), to a picture that a formula gives:
test/browser/built-in-depth.test.ts holds the shipped file to it, on the processor and on WebGPU.

usage: reference.py CHECKPOINT[,CHECKPOINT] OUT.json"""
import json
import sys
import numpy as np
import torch
from export import checkpoint_network

SIZE, EVERY = 128, 8


def pattern(size):
    y, x = np.mgrid[0:size, 0:size] / size
    wave = lambda a, b, c: 127 + 110 * np.sin(a * x + b * y + c)
    # Bytes are rounded half to even, as a Uint8ClampedArray does.
    return np.rint(np.stack([wave(9, 2, 1), wave(3, 11, 2), wave(5, -7, 3)])).clip(0, 255)


def main():
    network = checkpoint_network(sys.argv[1], mirrored=True)
    with torch.no_grad():
        answer = network(torch.from_numpy(pattern(SIZE) / 127.5 - 1).float()[None])[0, 0].numpy()
    values = [round(float(value), 4) for value in answer[EVERY // 2::EVERY, EVERY // 2::EVERY].ravel()]
    with open(sys.argv[2], 'w') as file:
        json.dump({'size': SIZE, 'every': EVERY, 'values': values}, file)
        file.write('\n')


if __name__ == '__main__':
    main()
