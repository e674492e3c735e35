"""The crops that inpaint-crops.ts writes, as batches.

Each is 160 x 160: the picture (RGB bytes), the same as a network would be given it (holes filled by inpaint-classic, colours carried over
where nothing may be seen), the mask (1 = hidden) and what is to be painted (1)."""
import os
import cv2
import numpy as np
import torch

SIDE = 160
REACH = 16  # pixels into a hole at which it counts a third: what is far from all that is seen comes into view last, and is anybody's guess


def load(path, limit=10 ** 9):
    """N x 160 x 160 x 8 bytes: picture, given, hidden, what a pixel counts (0 where it is not to be painted)."""
    area = SIDE * SIDE
    count = min(limit, os.path.getsize(path) // (area * 8))
    raw = np.memmap(path, np.uint8, 'r', shape=(count, area * 8))
    crops = np.empty((count, SIDE, SIDE, 8), np.uint8)
    for crop, row in zip(crops, raw):
        crop[..., :3] = row[:3 * area].reshape(SIDE, SIDE, 3)
        crop[..., 3:6] = row[3 * area:6 * area].reshape(SIDE, SIDE, 3)
        crop[..., 6] = row[6 * area:7 * area].reshape(SIDE, SIDE)
        far = cv2.distanceTransform(np.ascontiguousarray(crop[..., 6]), cv2.DIST_L2, 3)
        crop[..., 7] = (row[7 * area:].reshape(SIDE, SIDE) > 0) * (1 + 254 * np.exp(-np.maximum(far - 1, 0) / REACH))
    return crops


def tensors(batch):
    """N x H x W x 8 numbers to picture and given (-1..1), hidden and weight (0..1)."""
    parts = torch.from_numpy(batch).permute(0, 3, 1, 2)
    flat = [parts[:, a:b].contiguous(memory_format=torch.channels_last) for a, b in ((0, 3), (3, 6))]
    return flat[0], flat[1], parts[:, 6:7].contiguous(), parts[:, 7:8].contiguous()


def plain(crops, side):
    """As they are, cut to `side`."""
    batch = crops[:, :side, :side].astype(np.float32)
    return tensors(np.concatenate([batch[..., :6] / 127.5 - 1, batch[..., 6:7], batch[..., 7:] / 255], 3))


def stain(crop, random):
    """What is seen beside a silhouette is mixed with another colour, as lenses and sensors mix it."""
    width = random.integers(1, 3)
    near = cv2.dilate(crop[..., 6], np.ones((2 * width + 1, 2 * width + 1), np.uint8)) - crop[..., 6]
    # Not everywhere alike: some silhouettes are sharp.
    where = cv2.resize(random.random((5, 5), np.float32), crop.shape[1::-1], interpolation=cv2.INTER_LINEAR) > random.uniform(.2, .7)
    share = (near * where * random.uniform(.15, .8))[..., None]
    crop[..., 3:6] += share * (random.uniform(-1, 1, 3) - crop[..., 3:6])


def varied(crops, count, side, random):
    """Any of them; of a few places the one with most to paint; turned, mirrored, in other light and colours."""
    batch = np.empty((count, side, side, 8), np.float32)
    for out, i in zip(batch, random.integers(0, len(crops), count)):
        places = random.integers(0, SIDE - side + 1, (3, 2))
        y, x = max(places, key=lambda at: crops[i, at[0]:at[0] + side, at[1]:at[1] + side, 7].sum(dtype=np.int64))
        crop = np.rot90(crops[i, y:y + side, x:x + side], random.integers(4))
        if random.random() < .5:
            crop = crop[:, ::-1]
        order = random.permutation(3) if random.random() < .5 else np.arange(3)
        gain, lift, gamma = np.ones(3), 0., 1.
        if random.random() < .6:
            gain, lift, gamma = random.uniform(.6, 1.1, 3), random.uniform(0, .1), np.exp(random.uniform(-.3, .3))
        # Bytes are looked up: quicker than powers of every pixel.
        table = (((np.arange(256) / 255.) ** gamma)[:, None] * gain * (1 - lift) + lift) * 2 - 1
        for c in range(3):
            out[..., c], out[..., 3 + c] = table[crop[..., order[c]], c], table[crop[..., 3 + order[c]], c]
        out[..., 6], out[..., 7] = crop[..., 6], crop[..., 7] / 255.
        if random.random() < .7:
            stain(out, random)
    return tensors(batch)
