"""Answers for a folder of pictures, and their score.

usage: predict.py MODEL PICTURES OUT [--size WIDTHxHEIGHT | --short SIDE | --area SIDE] [--mirror] [--score SCRIPT] [--sheet FILE]
MODEL: a checkpoint (.pt), a network in ONNX, or teacher:FILE.onnx. Writes OUT/<name>.npy, larger is nearer. SCRIPT: called as
SCRIPT OUT, prints the score. --size: for pictures wider than high, turned for the others; --short and --area (as many pixels as a square of SIDE) keep the aspect."""
import argparse
import glob
import os
import subprocess
import sys
import cv2
import numpy as np


def runner(path, mirrored=False):
    """A function of uint8 RGB of any size in multiples of 32 to float32 disparity. mirrored: of a checkpoint, as export.py has it."""
    if path.startswith('teacher:'):
        from teacher import Teacher
        teacher = Teacher(path[8:])
        return lambda rgb: teacher.once(rgb, *rgb.shape[:2])
    tensor = lambda rgb: rgb.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1
    if path.endswith('.pt'):
        import torch
        from export import checkpoint_network
        torch.set_num_threads(1)
        network = checkpoint_network(path, mirrored)

        def answer(rgb):
            with torch.no_grad():
                return network(torch.from_numpy(tensor(rgb)))[0, 0].numpy()
        return answer
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=['CPUExecutionProvider'])
    return lambda rgb: session.run(None, {session.get_inputs()[0].name: tensor(rgb)})[0][0, 0]


def short_side(rgb, side, step=32):
    """(height, width) in multiples of `step`, the short side about `side`."""
    height, width = rgb.shape[:2]
    scale = side / min(height, width)
    return tuple(max(step, int(round(n * scale / step)) * step) for n in (height, width))


def in_area(rgb, side, step=32):
    """(height, width) in multiples of `step`, about side * side pixels, as the product has it."""
    scale = side / np.sqrt(rgb.shape[0] * rgb.shape[1])
    return tuple(max(1, int(n * scale / step + .5)) * step for n in rgb.shape[:2])


def answer_of(run, rgb, size=None, short=None, mirror=False, area=None):
    if short or area:
        height, width = short_side(rgb, short) if short else in_area(rgb, area)
    else:
        width, height = size if rgb.shape[1] >= rgb.shape[0] else size[::-1]
    shrinks = width < rgb.shape[1]
    small = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    answer = run(small)
    return (answer + run(np.ascontiguousarray(small[:, ::-1]))[:, ::-1]) / 2 if mirror else answer


def sheet(rows, path, across=4):
    """Pictures beside their maps."""
    cells = []
    for rgb, disparity in rows:
        low, high = np.percentile(disparity, [1, 99])
        seen = cv2.applyColorMap((np.clip((disparity - low) / (high - low + 1e-9), 0, 1) * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
        cell = np.full((180, 480, 3), 40, np.uint8)
        for x, image in ((0, rgb[:, :, ::-1]), (240, seen)):
            scale = min(240 / image.shape[1], 180 / image.shape[0])
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            cell[:small.shape[0], x:x + small.shape[1]] = small
        cells.append(cell)
    while len(cells) % across:
        cells.append(np.full((180, 480, 3), 40, np.uint8))
    cv2.imwrite(path, np.vstack([np.hstack(cells[i:i + across]) for i in range(0, len(cells), across)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('model')
    parser.add_argument('pictures')
    parser.add_argument('out')
    parser.add_argument('--size', type=lambda text: tuple(map(int, text.split('x'))), default=(256, 192))
    parser.add_argument('--short', type=int)
    parser.add_argument('--area', type=int)
    parser.add_argument('--mirror', action='store_true')
    parser.add_argument('--score')
    parser.add_argument('--sheet')
    parser.add_argument('--every', type=int, default=1, help='of the pictures on the sheet')
    options = parser.parse_args()
    cv2.setNumThreads(1)
    os.makedirs(options.out, exist_ok=True)
    run, rows = runner(options.model), []
    for i, path in enumerate(sorted(glob.glob(options.pictures + '/*.jpg'))):
        rgb = np.ascontiguousarray(cv2.imread(path)[:, :, ::-1])
        answer = answer_of(run, rgb, options.size, options.short, options.mirror, options.area)
        np.save(os.path.join(options.out, os.path.basename(path)[:-4] + '.npy'), answer)
        if i % options.every == 0:
            rows.append((rgb, answer))
    if options.sheet:
        sheet(rows, options.sheet)
    if options.score:
        sys.stdout.flush()
        subprocess.run([sys.executable, options.score, options.out], check=True)


if __name__ == '__main__':
    main()
