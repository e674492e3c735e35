"""What the answer is judged by. A label knows order and proportion only, so answers are compared after both are brought to
median 0 and mean distance 1 (Ranftl et al., "Towards Robust Monocular Depth Estimation", 2020)."""
import torch
import torch.nn.functional as F


def standard(disparity, known):
    """N x H x W to median 0, mean distance 1 over the known pixels."""
    n = known.flatten(1).sum(1).clamp(min=1)
    flat = torch.where(known > 0, disparity, torch.full_like(disparity, float('nan'))).flatten(1)
    middle = torch.nan_to_num(torch.nanmedian(flat, 1)[0]).view(-1, 1, 1)
    away = disparity - middle
    spread = ((away.abs() * known).flatten(1).sum(1) / n).view(-1, 1, 1)
    return away / (spread + 1e-5)


def value_loss(answer, label, known):
    return (F.smooth_l1_loss(answer, label, reduction='none', beta=.1) * known).flatten(1).sum(1) / known.flatten(1).sum(1).clamp(min=1)


def gradient_loss(answer, label, known, scales):
    """Differences of neighbours, at each stride of `scales`: what makes edges edges and flat things flat. One value a picture."""
    total = 0
    for stride in scales:
        # Wider strides compare means, not single pixels, so that they see all of the picture.
        error = (answer - label) * known
        if stride > 1:
            error, mask = F.avg_pool2d(error[:, None], stride)[:, 0], -F.max_pool2d(-known[:, None], stride)[:, 0]
        else:
            mask = known
        across = (error[:, :, 1:] - error[:, :, :-1]).abs() * mask[:, :, 1:] * mask[:, :, :-1]
        down = (error[:, 1:] - error[:, :-1]).abs() * mask[:, 1:] * mask[:, :-1]
        total = total + (across.flatten(1).sum(1) + down.flatten(1).sum(1)) / mask.flatten(1).sum(1).clamp(min=1)
    return total


def ranking_loss(answer, label, known, pairs=1500, least=.04, softness=.15):
    """Random pairs that the label keeps apart by more than `least` should come in the same order; counts most where
    small differences of disparity are large ones of depth: far away. One value a picture."""
    n, height, width = answer.shape
    a, b = torch.randint(height * width, (2, pairs))
    answer, label, known = answer.flatten(1), label.flatten(1), known.flatten(1)
    apart = label[:, a] - label[:, b]
    counts = (apart.abs() > least).float() * known[:, a] * known[:, b]
    wrong = F.softplus(-torch.sign(apart) * (answer[:, a] - answer[:, b]) / softness) * softness
    # A pair in the right order by a clear margin says nothing more.
    return (wrong * counts).sum(1) / counts.sum(1).clamp(min=1)


def loss(answer, label, known, exact, weights):
    """The weighted sum, a mean over the batch. `exact` (N, 0 or 1): the label's edges are true, so they count at every scale;
    a teacher's edges are blurred and count only where coarse. `weights`: value, gradient, edge, rank."""
    answer, label = standard(answer, known), standard(label, known).clamp(-4, 6)
    value = value_loss(answer, label, known)
    gradient = gradient_loss(answer, label, known, (2, 4, 8))
    edge = gradient_loss(answer, label, known, (1,)) * (exact + weights.get('soft_edge', .2) * (1 - exact))
    rank = ranking_loss(answer, label, known)
    total = value + weights['gradient'] * gradient + weights['edge'] * edge + weights['rank'] * rank
    return total.mean(), value.detach()
