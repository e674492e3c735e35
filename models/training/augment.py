"""Other pictures of the same: crops, mirror images, small turns, and the light, colours and faults of other cameras."""
import cv2
import numpy as np


def varied(rgb, disparity, height, width, random, gentle=False):
    """A random view of a picture, uint8 height x width x 3 and float32 disparity (NaN: unknown) of the size asked for."""
    rgb, disparity = crop(rgb, disparity, height, width, random)
    if random.random() < .5:
        rgb, disparity = rgb[:, ::-1], disparity[:, ::-1]
    return photometric(np.ascontiguousarray(rgb), random, gentle), np.ascontiguousarray(disparity)


def crop(rgb, disparity, height, width, random):
    h, w = disparity.shape
    # The aspect of the piece is the one asked for, squeezed by up to a third: photos of any shape come to a network of one.
    aspect = width / height * np.exp(random.normal(0, .16))
    scale = 1 if random.random() < .25 else random.uniform(.62, 1)
    ch = min(h, w / aspect) * scale
    cw = ch * aspect
    y, x = random.uniform(0, max(0, h - ch)), random.uniform(0, max(0, w - cw))
    turn = np.deg2rad(random.normal(0, 3.5)) if random.random() < .3 else 0
    # Where the corners of the answer lie in the picture; edges that a turn uncovers repeat in the picture and are unknown in the label.
    middle = np.array([x + cw / 2, y + ch / 2])
    ex, ey = np.array([np.cos(turn), np.sin(turn)]) * cw / 2, np.array([-np.sin(turn), np.cos(turn)]) * ch / 2
    source = np.float32([middle - ex - ey, middle + ex - ey, middle - ex + ey]) - .5
    target = np.float32([[0, 0], [width, 0], [0, height]]) - .5
    matrix = cv2.getAffineTransform(source, target)
    if ch > height * 1.3:
        rgb = cv2.GaussianBlur(rgb, (0, 0), .35 * ch / height)
    rgb = cv2.warpAffine(rgb, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    # Nearest: a disparity between two surfaces would be a surface that is not there.
    disparity = cv2.warpAffine(disparity, matrix, (width, height), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=float('nan'))
    return rgb, disparity


def photometric(rgb, random, gentle):
    """Light, colours and faults. Gentle: about half as much, for the end of a run, when what is seen should look like photos again."""
    much = .5 if gentle else 1
    x = rgb.astype(np.float32) / 255
    if random.random() < .85:
        x = np.clip(x, 0, 1) ** np.exp(random.normal(0, .22 * much))
        x = .5 + (x - .5) * np.exp(random.normal(0, .2 * much)) + random.normal(0, .06 * much)
    if random.random() < .6:
        x = x * np.exp(random.normal(0, .09 * much, 3)).astype(np.float32)
    grey = x @ np.float32([.3, .59, .11])
    if random.random() < .6:
        x = grey[..., None] + (x - grey[..., None]) * (0 if random.random() < .08 * much else np.exp(random.normal(0, .4 * much)))
    if not gentle and random.random() < .12:
        x = x[..., random.permutation(3)]
    if random.random() < .2 * much:
        h, w = grey.shape
        down, across = np.mgrid[-1:1:h * 1j, -1:1:w * 1j].astype(np.float32)
        direction = random.uniform(0, 2 * np.pi)
        x = x * (1 + random.uniform(0, .4) * (np.cos(direction) * across + np.sin(direction) * down))[..., None]
    if random.random() < .15 * much:
        x = cv2.GaussianBlur(x, (0, 0), random.uniform(.4, 1.3))
    if random.random() < .3 * much:
        x = x + random.normal(0, random.uniform(.005, .05), x.shape).astype(np.float32)
    x = (np.clip(x, 0, 1) * 255).astype(np.uint8)
    if random.random() < .2 * much:
        x = cv2.imdecode(cv2.imencode('.jpg', x, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 90))])[1], 1)
    return x
