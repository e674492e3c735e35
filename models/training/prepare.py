"""Writes what the network learns from photos: views of every photo with the teacher's answer, and the RGB-D frames.

usage: prepare.py FOLDER TEACHER.onnx OUT [--crops N] [--large N] [--seed N]
FOLDER/photos/*: free photos; FOLDER/rgbd/*.jpg with *.png (16 bit, 0 unknown, else 1 + 65534 * disparity / max).
OUT/photos and OUT/scenery (photos of more than 600 pixels: few, but each holds many pictures): whole pictures first, then crops, in an order
that makes any beginning of a file a fair sample."""
import argparse
import glob
import os
import cv2
import numpy as np
from store import Writer
from predict import short_side
from teacher import Teacher

SIDE, LARGE = 256, 600


def view_of(rgb):
    """The picture at the size it is kept at: short side about 256."""
    height, width = short_side(rgb, SIDE, 8)
    if width > 480 or height > 480:
        height, width = min(height, 480), min(width, 480)
    small = width < rgb.shape[1]
    return cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if small else cv2.INTER_CUBIC)


def crop_of(rgb, random):
    """A part of the picture, more of a zoom where the picture is large, turned a little now and then."""
    height, width = rgb.shape[:2]
    least = max(.18 if min(height, width) > LARGE else .5, 150 / min(height, width))
    scale = random.uniform(least, .85)
    aspect = np.exp(random.uniform(-.35, .35))
    h, w = int(min(height, height * scale / np.sqrt(aspect))), int(min(width, width * scale * np.sqrt(aspect)))
    if random.random() < .25:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-12, 12), 1.25)
        rgb = cv2.warpAffine(rgb, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    y, x = random.integers(0, height - h + 1), random.integers(0, width - w + 1)
    return np.ascontiguousarray(rgb[y:y + h, x:x + w])


def read(path):
    return cv2.imread(path)[:, :, ::-1]


def photos(folder, teacher, out, crops, large_crops, seed, only_large):
    random = np.random.default_rng(seed)
    paths = sorted(p for p in glob.glob(folder + '/photos/*') if p.lower().endswith(('.jpg', '.jpeg', '.png', '.webp')))
    order = random.permutation(len(paths))
    writers = {False: Writer(out + '/photos'), True: Writer(out + '/scenery')}
    for turn in range(crops + 1):
        for i in order:
            rgb = read(paths[i])
            large = min(rgb.shape[:2]) > LARGE
            if only_large and (not large or turn == 0):
                continue
            many = large_crops if large and turn else 1
            for _ in range(many):
                picture = view_of(np.ascontiguousarray(rgb) if turn == 0 else crop_of(rgb, random))
                writers[large].add(picture, teacher.label(picture))
        print('turn', turn, 'of', crops, flush=True)


def frames(folder, out):
    writer = Writer(out + '/frames')
    for path in sorted(glob.glob(folder + '/rgbd/*.jpg')):
        rgb = read(path)
        code = cv2.imread(path[:-4] + '.png', -1).astype(np.float32)
        writer.add(rgb, np.where(code > 0, (code - 1) / 65534, np.nan))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('teacher')
    parser.add_argument('out')
    parser.add_argument('--crops', type=int, default=3)
    parser.add_argument('--large', type=int, default=12, help='crops a turn of a large photo')
    parser.add_argument('--only-large', action='store_true', help='nothing but crops of large photos, added to what is there')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    cv2.setNumThreads(1)
    if not options.only_large:
        frames(options.folder, options.out)
    photos(options.folder, Teacher(options.teacher), options.out, options.crops, options.large, options.seed, options.only_large)


if __name__ == '__main__':
    main()
