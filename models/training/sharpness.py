"""How sharp silhouettes are: the slope of the map across the true edges of scenes whose depth is known exactly.

usage: sharpness.py MODEL SCENES [--size WIDTHxHEIGHT | --short SIDE | --area SIDE]
SCENES/<name>/photo.png and disparity.png (16 bit, larger is nearer). The map is brought to the size of the photo (bilinear) and to the scale
and shift that fit the truth best. At each pixel where the truth jumps by more than 4 % of its range between neighbours:
- slope: the step of the map between those two pixels, in the direction of the jump, as a share of the jump (1: a perfect edge);
- rise: the step over 9 pixels, likewise (how much of the edge is there at all);
- width: 9 pixels of rise over the slope, in pixels of the photo (small is sharp)."""
import argparse
import glob
import os
import cv2
import numpy as np
from predict import answer_of, runner

JUMP, REACH = .04, 4


def steps(truth, answer):
    """Arrays of (step over one pixel, step over 2 REACH + 1 pixels) as shares of the true jumps."""
    found = []
    for axis in (0, 1):
        g, p = (truth, answer) if axis else (truth.T, answer.T)
        jump = g[:, 1:] - g[:, :-1]
        rows, columns = np.nonzero(np.abs(jump) > JUMP)
        keep = (columns >= REACH) & (columns + 1 + REACH < g.shape[1])
        rows, columns = rows[keep], columns[keep]
        height = jump[rows, columns]
        found.append(np.stack([(p[rows, columns + 1] - p[rows, columns]) / height, (p[rows, columns + 1 + REACH] - p[rows, columns - REACH]) / height]))
    return np.concatenate(found, 1)


def sharpness(run, folder, size=None, short=None, area=None):
    rgb = np.ascontiguousarray(cv2.imread(folder + '/photo.png')[:, :, ::-1])
    truth = cv2.imread(folder + '/disparity.png', -1).astype(np.float32) / 65535
    answer = answer_of(run, rgb, size, short, area=area)
    answer = cv2.resize(answer, truth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    fit = np.linalg.lstsq(np.stack([answer.ravel(), np.ones(answer.size)], 1), truth.ravel(), rcond=None)[0]
    one, nine = np.clip(steps(truth, answer * fit[0] + fit[1]), -2, 2).mean(1)
    return one, nine, nine / max(one, 1e-6)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('model')
    parser.add_argument('scenes')
    parser.add_argument('--size', type=lambda text: tuple(map(int, text.split('x'))), default=(256, 192))
    parser.add_argument('--short', type=int)
    parser.add_argument('--area', type=int)
    options = parser.parse_args()
    run, rows = runner(options.model), []
    for path in sorted(glob.glob(options.scenes + '/*/photo.png')):
        rows.append(sharpness(run, os.path.dirname(path), options.size, options.short, options.area))
        print('%-12s slope %.4f  rise %.3f  width %.1f' % (os.path.basename(os.path.dirname(path)), *rows[-1]))
    print('%-12s slope %.4f  rise %.3f  width %.1f' % ('mean', *np.mean(rows, 0)))


if __name__ == '__main__':
    main()
