"""Views out of panoramas, as a camera in the middle of them would have taken them, with the teacher's answer.

usage: panoramas.py FOLDER TEACHER.onnx OUT [--rooms NAME,NAME] [--count N] [--share S] [--seed N]
FOLDER/*.hdr: free panoramas, equirectangular, linear light. OUT/panoramas: the views, and OUT/frames_taught, with --frames FOLDER, pictures of
RGB-D frames with the teacher's answer instead of the sensor's. A share S of the views (default .8) is taken from those named by --rooms."""
import argparse
import glob
import os
import cv2
import numpy as np
from prepare import crop_of, read, view_of
from store import Writer
from teacher import Teacher

LOG = 20
SIZES = ((192, 256), (192, 256), (256, 192), (208, 208))


def directions(height, width, field, yaw, pitch, roll):
    """Unit vectors of the pixels of a camera, height x width x 3: x right, y down, z ahead before it is turned. Angles in radians; `field` across the longer side."""
    focal = max(height, width) / 2 / np.tan(field / 2)
    y, x = np.mgrid[:height, :width].astype(np.float32) + .5
    rays = np.stack([x - width / 2, y - height / 2, np.full_like(x, focal)], 2)
    rays /= np.linalg.norm(rays, axis=2, keepdims=True)
    cos, sin = np.cos, np.sin
    about_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
    about_y = np.array([[cos(yaw), 0, sin(yaw)], [0, 1, 0], [-sin(yaw), 0, cos(yaw)]])
    return rays @ (about_y @ about_x @ about_z).T.astype(np.float32)


def view(panorama, rays):
    height, width = panorama.shape[:2]
    across = (np.arctan2(rays[..., 0], rays[..., 2]) / (2 * np.pi) + .5) * width - .5
    down = (np.arcsin(np.clip(rays[..., 1], -1, 1)) / np.pi + .5) * height - .5
    # Cubic, for so few pixels; between logarithms, for a lamp would ring.
    return cv2.remap(panorama, across.astype(np.float32), down.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)


def photo_of(light, random):
    """Light (log1p of LOG times it) to 8 bits as cameras do it: exposed for the picture, highlights rolled off."""
    light = np.expm1(np.clip(light, 0, None)) / LOG
    exposure = .2 / (np.exp(np.log(light.mean(2) + 1e-4).mean()) + 1e-6) * np.exp(random.normal(0, .35))
    light = light * exposure
    light = light * (1 + light / 9) / (1 + light * random.uniform(.3, 1))
    return (np.clip(light, 0, 1) ** (1 / 2.2) * 255 + .5).astype(np.uint8)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('teacher')
    parser.add_argument('out')
    parser.add_argument('--rooms', default='')
    parser.add_argument('--share', type=float, default=.8)
    parser.add_argument('--count', type=int, default=1500)
    parser.add_argument('--frames')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    os.makedirs(options.out, exist_ok=True)
    random = np.random.default_rng(options.seed)
    teacher = Teacher(options.teacher)
    paths = sorted(glob.glob(options.folder + '/*.hdr'))
    panoramas = {os.path.basename(p)[:-4]: np.log1p(np.clip(cv2.imread(p, -1)[:, :, ::-1], 0, 50) * LOG) for p in paths}
    rooms = [name for name in options.rooms.split(',') if name]
    others = [name for name in panoramas if name not in rooms] or rooms
    writer = Writer(options.out + '/panoramas')
    for i in range(options.count):
        among = rooms if rooms and random.random() < options.share else others
        panorama = panoramas[among[int(random.integers(len(among)))]]
        height, width = SIZES[int(random.integers(len(SIZES)))]
        angles = np.deg2rad([random.uniform(62, 98), random.uniform(-180, 180), random.normal(-4, 11), random.normal(0, 2.5)])
        picture = photo_of(view(panorama, directions(height, width, *angles)), random)
        writer.add(picture, teacher.label(picture))
        if i % 100 == 0:
            print(i, 'of', options.count, flush=True)
    if options.frames:
        frames(options.frames, teacher, Writer(options.out + '/frames_taught'), random)


def frames(folder, teacher, writer, random, crops=2):
    for turn in range(crops + 1):
        for path in sorted(glob.glob(folder + '/*.jpg')):
            rgb = read(path)
            picture = view_of(np.ascontiguousarray(rgb) if turn == 0 else crop_of(rgb, random))
            writer.add(picture, teacher.label(picture))


if __name__ == '__main__':
    main()
