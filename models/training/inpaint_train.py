"""Trains the inpainting network on one thread.

usage: inpaint_train.py CROPS VALIDATION RUN [--seconds S] [--resume CHECKPOINT] ...
CROPS, VALIDATION: what inpaint-crops.ts wrote, from pictures that they do not share. RUN: the checkpoint.
Each crop counts by the share of inpaint-classic's error that is left, so that busy ones do not drown the others; to that comes what SSIM lacks of 1."""
import argparse
import copy
import os
import time
import cv2
import numpy as np
import torch
import torch.nn.functional as F
from inpaint_crops import load, plain, varied
from inpaint_network import InpaintNet

SIDE = 128


def ssim(a, b, stride=1):
    """Of pictures in -1..1, over windows of 7 x 7, one at every `stride` pixels."""
    mean = lambda x: F.avg_pool2d(x, 7, stride, 3, count_include_pad=False)
    ma, mb = mean(a), mean(b)
    va, vb, both = (mean(a * a) - ma * ma).clamp(min=0), (mean(b * b) - mb * mb).clamp(min=0), mean(a * b) - ma * mb
    c1, c2 = .02 ** 2, .06 ** 2
    return ((2 * ma * mb + c1) * (2 * both + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))).mean(1, keepdim=True)


def loss(out, picture, given, weight):
    """The share of the squares of `given` that is left in `out`, and what SSIM lacks."""
    pixels = weight.sum((1, 2, 3)).clamp(min=5) * 3
    squares = lambda x: ((x - picture) ** 2 * weight).sum((1, 2, 3)) / pixels
    share = (squares(out) / (squares(given) + .01) * pixels).sum() / pixels.sum()
    every = weight[..., ::2, ::2]
    return share, ((1 - ssim(torch.where(weight > 0, out, picture), picture, 2)) * every).sum() / every.sum()


def score(network, crops):
    """PSNR and SSIM in the holes, as given and as answered."""
    squares, alike, pixels = np.zeros(2), np.zeros(2), 0
    with torch.no_grad():
        for i in range(0, len(crops), 10):
            picture, given, mask, weight = plain(crops[i:i + 10], SIDE)
            for k, answer in enumerate((given, network(given, mask).clamp(-1, 1))):
                answer = torch.where(weight > 0, answer, picture)
                squares[k] += (((answer - picture) / 2) ** 2 * weight).sum().item() / 3
                alike[k] += (ssim(answer, picture) * weight).sum().item()
            pixels += weight.sum().item()
    return 'PSNR %.2f -> %.2f  SSIM %.4f -> %.4f' % (*(-10 * np.log10(squares / pixels)), *(alike / pixels))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('crops')
    parser.add_argument('validation')
    parser.add_argument('run')
    parser.add_argument('--resume', help='checkpoint to go on from')
    parser.add_argument('--seconds', type=float, default=1800)
    parser.add_argument('--steps', type=int, default=10 ** 9)
    parser.add_argument('--batch', type=int, default=12)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--cool', type=float, default=.6, help='last part of the time, in which the rate falls to nothing')
    parser.add_argument('--alike', type=float, default=1, help='weight of SSIM')
    parser.add_argument('--save', type=float, default=120, help='seconds between checkpoints')
    parser.add_argument('--float32', action='store_true', help='no bfloat16')
    parser.add_argument('--seed', type=int, default=3)
    o = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(o.seed)
    random = np.random.default_rng(o.seed)
    crops, validation = load(o.crops), load(o.validation, 150)
    network = InpaintNet().to(memory_format=torch.channels_last)
    mean = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), o.rate, weight_decay=1e-4)
    step = 0
    if o.resume:
        state = torch.load(o.resume, map_location='cpu')
        for part, name in ((network, 'network'), (mean, 'mean'), (optimiser, 'optimiser')):
            part.load_state_dict(state[name])
        step = state['step']
    first, begun, saved, shown, done = step, time.time(), time.time(), None, 0
    while done < 1:
        done = max((time.time() - begun) / o.seconds, (step - first + 1) / o.steps)
        for group in optimiser.param_groups:
            group['lr'] = o.rate * min(1, (step - first + 1) / 30) * max(1e-3, min(1, (1 - done) / max(o.cool, 1e-9)))
        picture, given, mask, weight = varied(crops, o.batch, SIDE, random)
        parts = loss(network(given, mask, not o.float32), picture, given, weight)
        optimiser.zero_grad(set_to_none=True)
        (parts[0] + o.alike * parts[1]).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.)
        optimiser.step()
        step += 1
        keep = min(.995, step / (step + 20))
        with torch.no_grad():
            before = loss(given, picture, given, weight)
            for a, b in zip(mean.state_dict().values(), network.state_dict().values()):
                a.lerp_(b, 1 - keep) if a.dtype.is_floating_point else a.copy_(b)
        now = np.array([part.item() / was.item() for part, was in zip(parts, before)])
        shown = now if shown is None else shown * .98 + now * .02
        if time.time() - saved > o.save or done >= 1:
            saved = time.time()
            torch.save({'network': network.state_dict(), 'mean': mean.state_dict(), 'optimiser': optimiser.state_dict(), 'step': step}, o.run + '.part')
            os.replace(o.run + '.part', o.run)
            print('step %d  %.0f s (%.0f of CPU)  of inpaint-classic: squares %.3f, what SSIM lacks %.3f  %s' % (step, saved - begun, time.process_time(), *shown, score(mean, validation)), flush=True)


if __name__ == '__main__':
    main()
