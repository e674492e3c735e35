"""The network: the encoder of MobileNetV2 (its batch norms folded) and a light decoder that answers with relative disparity."""
import torch
import torch.nn as nn
import torch.nn.functional as F

# expansion, channels, blocks, first stride: Sandler et al., "MobileNetV2", 2018.
BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
TAPS = (0, 1, 2, 4, 6)  # stages whose answers the decoder sees: strides 2, 4, 8, 16, 32
DECODER = (32, 48, 64, 96, 160)


def around(side):
    """About three fifths of the side, a multiple of 32."""
    return (side * 3 // 5 + 16) // 32 * 32


class Bottleneck(nn.Module):
    def __init__(self, before, after, expansion, stride):
        super().__init__()
        hidden = before * expansion
        self.expand = nn.Conv2d(before, hidden, 1) if expansion > 1 else None
        self.spatial = nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden)
        self.project = nn.Conv2d(hidden, after, 1)
        self.shortcut = stride == 1 and before == after

    def forward(self, x):
        y = F.relu6(self.expand(x)) if self.expand is not None else x
        y = self.project(F.relu6(self.spatial(y)))
        return x + y if self.shortcut else y


class Encoder(nn.Module):
    def __init__(self, blocks=BLOCKS):
        super().__init__()
        self.first = nn.Conv2d(3, 32, 3, 2, 1)
        stages, before, self.channels = [], 32, []
        for expansion, after, count, stride in blocks:
            stage = []
            for k in range(count):
                stage.append(Bottleneck(before, after, expansion, stride if k == 0 else 1))
                before = after
            stages.append(nn.Sequential(*stage))
            self.channels.append(after)
        self.stages = nn.ModuleList(stages)
        self.channels = [self.channels[i] for i in TAPS]

    def forward(self, x):
        x, taken = F.relu6(self.first(x)), []
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if i in TAPS:
                taken.append(x)
        return taken

    def convolutions(self):
        """In the order in which they are applied, which is the order of a file of MobileNetV2."""
        return [m for m in self.modules() if isinstance(m, nn.Conv2d)]


class Separable(nn.Module):
    """Depthwise k x k, pointwise, batch norm, ReLU."""

    def __init__(self, before, after, k):
        super().__init__()
        self.spatial = nn.Conv2d(before, before, k, 1, k // 2, groups=before, bias=False)
        self.point = nn.Conv2d(before, after, 1, bias=False)
        self.norm = nn.BatchNorm2d(after)

    def forward(self, x):
        return F.relu(self.norm(self.point(self.spatial(x))))


class DepthNet(nn.Module):
    """RGB in -1..1, N x 3 x H x W with H and W multiples of 32, to relative disparity N x 1 x H x W, larger is nearer, of any scale and shift.

    mirrored: what it makes of the whole, at a thirty-second of the size, is the mean over the picture and its mirror image at three fifths of the
    size. So a picture may be larger than those trained on, whose order of things comes from the smaller one, and its silhouettes from itself alone. The weights are the same either way."""

    def __init__(self, decoder=DECODER, mirrored=False):
        super().__init__()
        self.mirrored = mirrored
        self.encoder = Encoder()
        channels = self.encoder.channels
        self.whole = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels[4], decoder[4], 1))
        self.top = Separable(channels[4], decoder[4], 3)
        self.wide = Separable(decoder[4], decoder[4], 5)
        self.lateral = nn.ModuleList([nn.Conv2d(channels[i], decoder[i], 1) for i in range(4)])
        self.shrink = nn.ModuleList([nn.Conv2d(decoder[i + 1], decoder[i], 1, bias=False) for i in range(4)])
        self.merge = nn.ModuleList([Separable(decoder[i], decoder[i], 5 if i else 3) for i in range(4)])
        # Four answers for each pixel of half the size, laid side by side: the full size for the price of the half.
        self.answer = nn.Conv2d(decoder[0], 4, 3, 1, 1)
        with torch.no_grad():
            self.answer.weight[1:] = self.answer.weight[:1]
            self.answer.bias.zero_()

    def forward(self, x):
        y, taken = self.seen(x)
        for i in (3, 2, 1, 0):
            y = self.finer(y, taken, i)
        return F.pixel_shuffle(self.answer(y), 2)

    def seen(self, x):
        """What it makes of the whole, at a thirty-second of the size, and the stages of the picture that are finer."""
        taken = self.encoder(x)
        y = self.coarse(taken)
        if self.mirrored:
            smaller = F.interpolate(torch.flip(x, [3]), [around(side) for side in x.shape[2:]], mode='bilinear', align_corners=False)
            other = self.coarse(self.encoder(smaller))
            y = (y + F.interpolate(torch.flip(other, [3]), y.shape[2:], mode='bilinear', align_corners=False)) * .5
        return y, taken

    def coarse(self, taken):
        return self.wide(self.top(taken[4]) + self.whole(taken[4]))

    def finer(self, y, taken, i):
        y = F.interpolate(self.shrink[i](y), scale_factor=2.0, mode='bilinear', align_corners=False)
        return self.merge[i](y + self.lateral[i](taken[i]))

    def folded(self):
        """The same network with its batch norms inside the convolutions before them, in place."""
        for module in self.modules():
            if isinstance(module, Separable) and isinstance(module.norm, nn.BatchNorm2d):
                norm, point = module.norm, module.point
                gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                whole = nn.Conv2d(point.in_channels, point.out_channels, 1)
                with torch.no_grad():
                    whole.weight.copy_(point.weight * gain.view(-1, 1, 1, 1))
                    whole.bias.copy_(norm.bias - norm.running_mean * gain)
                module.point, module.norm = whole, nn.Identity()
        return self
