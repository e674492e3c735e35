"""Trains the network on one thread.

usage: train.py DATA ENCODER.tflite RUN [--seconds S] [--resume CHECKPOINT] ...
DATA: what prepare.py and scenes.py wrote (more may be written while this runs). ENCODER: '-' starts from nothing. RUN: the checkpoint, which holds all that a later
run needs to go on. The rate rises for 100 steps, stays, and falls to nothing over the last part (--cool) of the time."""
import argparse
import copy
import os
import time
import cv2
import numpy as np
import torch
from augment import varied
from losses import loss
from network import DepthNet
from store import Store
from tflite import start_encoder

# Stores whose labels are the teacher's.
TAUGHT = ('photos', 'scenery', 'panoramas', 'frames_taught')
SIZES = ((192, 256), (256, 192), (224, 224), (192, 256), (256, 192), (192, 320))


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('data')
    parser.add_argument('encoder')
    parser.add_argument('run')
    parser.add_argument('--resume', help='checkpoint to go on from')
    parser.add_argument('--peer', help='checkpoint of a second trainer (of another seed) beside this one: the weights of both are brought to their mean each time it is saved')
    parser.add_argument('--save', type=float, default=180, help='seconds between checkpoints')
    parser.add_argument('--fresh-rate', action='store_true', help='with --resume: a new optimiser')
    parser.add_argument('--seconds', type=float, default=600)
    parser.add_argument('--steps', type=int, default=10 ** 9)
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--rate', type=float, default=1e-3, help='of the decoder')
    parser.add_argument('--encoder-share', type=float, default=.05, help='the rate of the encoder, of that of the decoder; large ones undo what it learned on ImageNet')
    parser.add_argument('--cool', type=float, default=.25)
    parser.add_argument('--mix', default='photos=.35,scenery=.26,scenes=.35,frames=.04')
    parser.add_argument('--weights', default='gradient=.5,edge=1,rank=.5,soft_edge=.1')
    parser.add_argument('--scale', default='1', help='of the sizes trained at; .65,1: the first for --early of the time, then the second')
    parser.add_argument('--early', type=float, default=.5)
    parser.add_argument('--freeze', type=int, default=2, help='how many of the first stages of the encoder stay as they are; 7: all of them, quickest and the right beginning')
    parser.add_argument('--mirrored', action='store_true', help='learn to answer from the picture and its mirror image, as export.py --mirrored has it; with --freeze 7, at the very end')
    parser.add_argument('--gentle', action='store_true', help='half the changes of light and colour')
    parser.add_argument('--float32', action='store_true', help='no bfloat16: for CPUs or versions of PyTorch that lack it')
    parser.add_argument('--tell', type=float, default=60, help='seconds between lines')
    parser.add_argument('--seed', type=int, default=1)
    return parser.parse_args()


def numbers(text):
    return {key: float(value) for key, value in (part.split('=') for part in text.split(','))}


class Source:
    """Batches of one size, drawn from the stores in the given proportion."""

    def __init__(self, folder, mix, random, gentle=False):
        self.random, self.gentle = random, gentle
        self.stores = {name: Store(os.path.join(folder, name)) for name in mix}
        self.names = list(mix)
        self.chances = np.array([mix[name] for name in self.names])

    def refresh(self):
        for store in self.stores.values():
            store.refresh()

    def batch(self, size, height, width):
        chances = self.chances * [len(self.stores[name]) > 0 for name in self.names]
        pictures, labels, exact = [], [], []
        while len(pictures) < size:
            name = self.names[self.random.choice(len(self.names), p=chances / chances.sum())]
            store = self.stores[name]
            rgb, disparity = store[int(self.random.integers(len(store)))]
            rgb, disparity = varied(rgb, disparity, height, width, self.random, gentle=self.gentle or name == 'frames')
            # A label with little known, or flat, teaches nothing.
            if np.isfinite(disparity).mean() < .3 or np.nanstd(disparity) < 1e-4:
                continue
            pictures.append(rgb)
            labels.append(disparity)
            exact.append(float(name not in TAUGHT))
        x = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
        label = torch.from_numpy(np.stack(labels))
        known = torch.isfinite(label).float()
        return x.contiguous(memory_format=torch.channels_last), torch.nan_to_num(label), known, torch.tensor(exact)


def freeze(network, stages):
    for module in [network.encoder.first, *network.encoder.stages[:stages]] if stages else []:
        module.requires_grad_(False)


def parameter_groups(network, rate, share):
    taken = {id(p) for p in network.encoder.parameters()}
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    decoder = [p for p in network.parameters() if id(p) not in taken]
    return [{'params': encoder, 'lr': rate * share, 'top': rate * share}, {'params': decoder, 'lr': rate, 'top': rate}]


def follow(mean, network, step):
    """The mean of the weights over about the last 500 steps; the shorter, the younger the run."""
    keep = min(.998, step / (step + 20))
    with torch.no_grad():
        for a, b in zip(mean.state_dict().values(), network.state_dict().values()):
            a.lerp_(b, 1 - keep) if a.dtype.is_floating_point else a.copy_(b)


def meet(path, last, network, mean):
    """Goes half the way to a second trainer, if its checkpoint is newer than at the last meeting. Returns the time of this one."""
    if not path or not os.path.exists(path) or os.path.getmtime(path) <= last:
        return last
    last, other = os.path.getmtime(path), torch.load(path, map_location='cpu')
    with torch.no_grad():
        for ours, theirs in ((network, other['network']), (mean, other['mean'])):
            for name, value in ours.state_dict().items():
                if value.dtype.is_floating_point:
                    value.lerp_(theirs[name], .5)
    return last


def main():
    o = options()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(o.seed)
    random = np.random.default_rng(o.seed)
    network = DepthNet(mirrored=o.mirrored)
    step = 0
    state = torch.load(o.resume, map_location='cpu') if o.resume else None
    if state:
        network.load_state_dict(state['network'])
        step = state['step']
    elif o.encoder != '-':
        start_encoder(network.encoder, o.encoder)
    network = network.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(network)
    freeze(network, o.freeze)
    if state:
        mean.load_state_dict(state['mean'])
    optimiser = torch.optim.AdamW(parameter_groups(network, o.rate, o.encoder_share), weight_decay=1e-2)
    if state and not o.fresh_rate:
        optimiser.load_state_dict(state['optimiser'])
        for group, top in zip(optimiser.param_groups, (o.rate * o.encoder_share, o.rate)):
            group['top'] = top
    source = Source(o.data, numbers(o.mix), random, o.gentle)
    weights = numbers(o.weights)
    scales = [float(scale) for scale in o.scale.split(',')]
    begun = saved = told = time.time()
    first, shown, met = step, None, time.time()
    while step - first < o.steps:
        done = max((time.time() - begun) / o.seconds, (step - first) / o.steps)
        if done >= 1:
            break
        warm = min(1, (step - first + 1) / (10 if state else 100))
        for group in optimiser.param_groups:
            group['lr'] = group['top'] * warm * min(1, (1 - done) / max(o.cool, 1e-9))
        scale = scales[0 if done < o.early else -1]
        height, width = (max(64, int(round(n * scale / 32)) * 32) for n in SIZES[int(random.integers(len(SIZES)))])
        x, label, known, exact = source.batch(o.batch, height, width)
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=not o.float32):
            answer = network(x)
        total, value = loss(answer.float()[:, 0], label, known, exact, weights)
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.)
        optimiser.step()
        step += 1
        follow(mean, network, step - first if not state else step)
        now = np.array([total.item(), (value * (1 - exact)).sum().item() / max(1, (1 - exact).sum().item()), (value * exact).sum().item() / max(1, exact.sum().item())])
        keep = .98 if o.tell else 0
        shown = now if shown is None else shown * keep + now * (1 - keep)
        if time.time() - told > o.tell:
            told = time.time()
            print('step %d  %.0f s (%.0f of CPU)  loss %.4f  photos %.4f  exact %.4f' % (step, told - begun, time.process_time(), *shown), flush=True)
            source.refresh()
        if time.time() - saved > o.save:
            saved = time.time()
            met = meet(o.peer, met, network, mean)
            save(o.run, network, mean, optimiser, step)
    save(o.run, network, mean, optimiser, step)
    print('done: step %d, loss %.4f, %.0f s of CPU' % (step, shown[0], time.process_time()))


def save(path, network, mean, optimiser, step):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    torch.save({'network': network.state_dict(), 'mean': mean.state_dict(), 'optimiser': optimiser.state_dict(), 'step': step}, path + '.part')
    os.replace(path + '.part', path)


if __name__ == '__main__':
    main()
