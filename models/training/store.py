"""A growing file of pictures with disparity that several processes may read while one writes.

`<name>.bin` holds, picture after picture, height x width x 3 uint8 RGB and height x width float16 disparity (NaN: unknown);
`<name>.idx` one line a picture: offset height width. A line is written after its picture, so a reader never meets half of one."""
import os
import numpy as np


class Writer:
    def __init__(self, path):
        os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
        self.data = open(path + '.bin', 'ab')
        self.index = open(path + '.idx', 'a')

    def add(self, rgb, disparity):
        offset = self.data.tell()
        self.data.write(np.ascontiguousarray(rgb, np.uint8).tobytes())
        self.data.write(np.ascontiguousarray(disparity, np.float16).tobytes())
        self.data.flush()
        self.index.write('%d %d %d\n' % (offset, rgb.shape[0], rgb.shape[1]))
        self.index.flush()


class Store:
    """Pictures of a file by number; `refresh` sees what was added since."""

    def __init__(self, path):
        self.path = path
        self.rows = []
        self.refresh()

    def refresh(self):
        if not os.path.exists(self.path + '.idx'):
            return
        with open(self.path + '.idx') as index:
            lines = index.read().split('\n')[:-1]
        if len(lines) > len(self.rows):
            self.rows = [tuple(map(int, line.split())) for line in lines]
            self.data = np.memmap(self.path + '.bin', np.uint8, 'r')

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        offset, height, width = self.rows[i]
        n = height * width
        rgb = self.data[offset:offset + n * 3].reshape(height, width, 3)
        disparity = self.data[offset + n * 3:offset + n * 5].view(np.float16).reshape(height, width)
        return np.array(rgb), np.array(disparity).astype(np.float32)
