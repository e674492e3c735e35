"""The inpainting network: weighs a few fillings of every hidden pixel against each other, and adds a little of its own.

It is given the picture with holes that inpaint-classic has filled. The other fillings are worked out in the graph: that one blurred over 3 and over
9 pixels, and the colours of what may be seen, carried smoothly into what is hidden (S. Gortler et al., The Lumigraph, 1996: pull and push)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

LEVELS = 6
MULTIPLE = 2 ** LEVELS


class Bottleneck(nn.Module):
    """MobileNetV2's inverted residual (Sandler et al., 2018), its spatial part wide or dilated."""

    def __init__(self, channels, k=3, dilation=1, expansion=2):
        super().__init__()
        hidden = channels * expansion
        self.expand, self.norm1 = nn.Conv2d(channels, hidden, 1, bias=False), nn.BatchNorm2d(hidden)
        self.spatial, self.norm2 = nn.Conv2d(hidden, hidden, k, 1, dilation * (k // 2), dilation, hidden, bias=False), nn.BatchNorm2d(hidden)
        self.project, self.norm3 = nn.Conv2d(hidden, channels, 1, bias=False), nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.relu6(self.norm1(self.expand(x)))
        y = F.relu6(self.norm2(self.spatial(y)))
        return x + self.norm3(self.project(y))


class Down(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after)

    def forward(self, x):
        return F.relu6(self.norm(self.conv(x)))


def twice(x, factor=2.):
    return F.interpolate(x, scale_factor=factor, mode='bilinear', align_corners=False)


def spread(rgb, seen):
    """Means of what is seen, carried into what is not: of ever smaller pictures the finest that knows something."""
    levels = [(rgb * seen, seen)]
    for _ in range(LEVELS):
        levels.append(tuple(F.avg_pool2d(x, 2) for x in levels[-1]))
    out = levels[-1][0] / (levels[-1][1] + 1e-3)
    for colour, known in reversed(levels[:-1]):
        out = twice(out)
        out = out + (known * 4).clamp(max=1) * (colour / (known + 1e-3) - out)
    return out


class InpaintNet(nn.Module):
    """RGB in -1..1 with a first filling under the holes, N x 3 x H x W; mask N x 1 x H x W, 1 = hidden; H and W multiples of 64.
    Answers with the picture: what is not hidden as it was."""

    def __init__(self, channels=(28, 48, 96), dilations=(1, 2, 4, 8, 1)):
        super().__init__()
        a, b, c = channels
        self.first = nn.Conv2d(32, a, 3, 1, 1)
        self.down1, self.quarter = Down(a, b), Bottleneck(b, 5)
        self.down2, self.deep = Down(b, c), nn.Sequential(*[Bottleneck(c, 3, d) for d in dilations])
        self.up2, self.quarter2 = nn.Conv2d(c, b, 1), Bottleneck(b, 5)
        self.up1, self.fine = nn.Conv2d(b, a, 1), Bottleneck(a, 3)
        # Four weights and three colours for each of four pixels, laid side by side.
        self.answer = nn.Conv2d(a, 28, 3, 1, 1)
        with torch.no_grad():
            self.answer.weight *= .1
            self.answer.bias.zero_()
            self.answer.bias[:4] = 2.5  # it begins with what it is given

    def heads(self, x):
        a = F.relu6(self.first(F.pixel_unshuffle(x, 2)))
        b = self.quarter(self.down1(a))
        b = self.quarter2(b + twice(self.up2(self.deep(self.down2(b)))))
        return F.pixel_shuffle(self.answer(self.fine(a + twice(self.up1(b)))), 2)

    def forward(self, rgb, mask, bf16=False):
        seen = 1 - mask
        carried = spread(rgb, seen)
        blurred = [F.avg_pool2d(rgb, n, 1, n // 2, count_include_pad=False) for n in (3, 9)]
        around = twice(F.avg_pool2d(F.avg_pool2d(seen, 8), 5, 1, 2), 8.)
        x = torch.cat([rgb, carried - rgb, mask, around], 1)
        if bf16:
            with torch.autocast('cpu', dtype=torch.bfloat16):
                y = self.heads(x).float()
        else:
            y = self.heads(x)
        share = torch.softmax(y[:, :4], 1)
        out = share[:, 0:1] * rgb + share[:, 1:2] * blurred[0] + share[:, 2:3] * blurred[1] + share[:, 3:4] * carried + .25 * y[:, 4:7]
        return rgb + mask * (out - rgb)

    def folded(self):
        """The same network with its batch norms inside the convolutions before them, in place."""
        for module in self.modules():
            pairs = {Bottleneck: (('expand', 'norm1'), ('spatial', 'norm2'), ('project', 'norm3')), Down: (('conv', 'norm'),)}.get(type(module), ())
            for conv, norm in pairs:
                setattr(module, conv, fused(getattr(module, conv), getattr(module, norm)))
                setattr(module, norm, nn.Identity())
        return self


def fused(conv, norm):
    whole = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups)
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    with torch.no_grad():
        whole.weight.copy_(conv.weight * gain.view(-1, 1, 1, 1))
        whole.bias.copy_(norm.bias - norm.running_mean * gain)
    return whole
