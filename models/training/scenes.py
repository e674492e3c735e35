"""Renders fresh scenes into a store until it holds as many as asked for; a trainer may read it meanwhile.

usage: scenes.py OUT [--photos FOLDER] [--count N] [--seed N] [--rooms SHARE] [--name STORE]
Compiles scenes/render.cpp (needs g++). OUT/STORE grows in turns of one shape each; every turn has its own seed. FOLDER/*: the free
photos that become posters, cartons and cloths in the scenes. SHARE of them are rooms, 0 to 1."""
import argparse
import glob
import os
import subprocess
import cv2
import numpy as np
from store import Store, Writer

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPES = ((256, 192), (192, 256), (256, 192), (224, 224))
TURN = 24
PHOTO_SIDE = 256


def renderer(folder):
    """Compiles the renderer, once a folder."""
    program = os.path.join(folder, 'render')
    sources = glob.glob(HERE + '/scenes/*')
    if not os.path.exists(program) or os.path.getmtime(program) < max(map(os.path.getmtime, sources)):
        command = ['g++', '-O3', '-march=native', '-ffast-math', '-std=c++17', '-o', program + '.part', HERE + '/scenes/render.cpp']
        subprocess.run(command, check=True)
        os.replace(program + '.part', program)
    return program


def posters(folder, out, count, seed):
    """Squares of photos for the renderer: its file and how many there are."""
    random = np.random.default_rng(seed)
    paths = sorted(glob.glob(folder + '/*.jpg') + glob.glob(folder + '/*.png'))
    squares = []
    for i in random.permutation(len(paths))[:count]:
        picture = cv2.imread(paths[i])[:, :, ::-1]
        side = min(picture.shape[:2])
        y, x = (int(random.integers(0, n - side + 1)) for n in picture.shape[:2])
        squares.append(cv2.resize(picture[y:y + side, x:x + side], (PHOTO_SIDE, PHOTO_SIDE), interpolation=cv2.INTER_AREA))
    path = os.path.join(out, 'posters.rgb')
    np.stack(squares).tofile(path)
    return path, len(squares)


def render(program, seed, count, width, height, photos=None, rooms=.26):
    """Pictures and their disparity, 1 at the nearest pixel, 0 in the sky."""
    command = [program, str(seed), str(count), str(width), str(height), str(rooms)] + ([photos[0], str(photos[1])] if photos else [])
    data = np.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout, np.uint8)
    for picture in data.reshape(count, height * width * 5):
        rgb = picture[:height * width * 3].reshape(height, width, 3)
        yield rgb, picture[height * width * 3:].copy().view(np.uint16).reshape(height, width) / np.float32(65535)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('out')
    parser.add_argument('--photos')
    parser.add_argument('--count', type=int, default=4000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--rooms', type=float, default=.26)
    parser.add_argument('--name', default='scenes')
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    program = renderer(options.out)
    photos = posters(options.photos, options.out, 400, options.seed) if options.photos else None
    path = os.path.join(options.out, options.name)
    writer, made = Writer(path), len(Store(path))
    turn = made // TURN
    while made < options.count:
        width, height = SHAPES[turn % len(SHAPES)]
        for rgb, disparity in render(program, options.seed * 100000 + turn, TURN, width, height, photos, options.rooms):
            writer.add(rgb, disparity)
            made += 1
        turn += 1


if __name__ == '__main__':
    main()
