"""Pictures to punch holes into: parts of free photos and of rendered scenes, brought to one size.

usage: inpaint_pictures.py FOLDER STORES OUT.rgb [--large N] [--scenes N] [--seed N]
FOLDER/photos/*: free photos; of those of more than 600 pixels many parts are taken (--large), of the others one. STORES/scenes: what scenes.py wrote.
OUT.rgb: 416 x 320 x 3 bytes each, in an order that makes any beginning and any end of the file a fair sample."""
import argparse
import glob
import os
import cv2
import numpy as np
from store import Store

WIDTH, HEIGHT = 416, 320
LARGE = 600


def part_of(rgb, random, least):
    height, width = rgb.shape[:2]
    across = min(width, height * WIDTH / HEIGHT) * np.exp(random.uniform(np.log(least), 0))
    down = int(across * HEIGHT / WIDTH)
    across = int(across)
    y, x = random.integers(0, height - down + 1), random.integers(0, width - across + 1)
    small = across > WIDTH
    return cv2.resize(np.ascontiguousarray(rgb[y:y + down, x:x + across]), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if small else cv2.INTER_CUBIC)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('stores')
    parser.add_argument('out')
    parser.add_argument('--large', type=int, default=36)
    parser.add_argument('--scenes', type=int, default=700)
    parser.add_argument('--seed', type=int, default=5)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    paths = sorted(p for p in glob.glob(options.folder + '/photos/*') if p.lower().endswith(('.jpg', '.jpeg', '.png', '.webp')))
    scenes = Store(os.path.join(options.stores, 'scenes'))
    large = {path: picture for path in paths for picture in [cv2.imread(path)] if min(picture.shape[:2]) > LARGE}
    jobs = [(path, None) for path in paths for _ in range(options.large if path in large else 1)] + [(None, int(i)) for i in random.permutation(len(scenes))[:options.scenes]]
    with open(options.out, 'wb') as out:
        for j in random.permutation(len(jobs)):
            path, scene = jobs[j]
            if path is None:
                picture = scenes[scene][0][:, :, ::-1]
            else:
                picture = large[path] if path in large else cv2.imread(path)
            out.write(np.ascontiguousarray(part_of(picture, random, .28 if path in large else .85)[:, :, ::-1]).tobytes())
    print('%d pictures' % len(jobs))


if __name__ == '__main__':
    main()
