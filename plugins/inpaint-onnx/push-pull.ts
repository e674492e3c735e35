/**
 * Carries colours smoothly into pixels that have none: means of four over ever smaller pictures, and back
 * (S. Gortler et al., The Lumigraph, 1996: pull and push). Changes `rgba`; alpha becomes 255.
 * @param known 1 = the pixel has a colour; at least one of them should.
 */
export function pushPull(rgba: Uint8ClampedArray, known: Uint8Array, width: number, height: number): void {
  const levels: Level[] = [bottom(rgba, known, width, height)];
  for (let level = levels[0]!; level.width > 1 || level.height > 1;) levels.push((level = halve(level)));
  for (let k = levels.length - 2; k >= 0; k--) fillFrom(levels[k]!, levels[k + 1]!);
  const { colours } = levels[0]!;
  for (let y = 0; y < height; y++) writeRow(rgba, known, colours, y * width, width);
}

interface Level {
  width: number;
  height: number;
  /** Three a pixel. */
  colours: Float32Array;
  /** 1 = there is a colour. */
  known: Uint8Array;
}

function bottom(rgba: Uint8ClampedArray, known: Uint8Array, width: number, height: number): Level {
  const colours = new Float32Array(width * height * 3);
  for (let i = 0, o = 0, p = 0; i < known.length; i++, o += 3, p += 4) {
    colours[o] = rgba[p]!;
    colours[o + 1] = rgba[p + 1]!;
    colours[o + 2] = rgba[p + 2]!;
  }
  return { width, height, colours, known: known.slice() };
}

function halve(fine: Level): Level {
  const width = (fine.width + 1) >> 1;
  const height = (fine.height + 1) >> 1;
  const level: Level = { width, height, colours: new Float32Array(width * height * 3), known: new Uint8Array(width * height) };
  for (let y = 0; y < height; y++) halveRow(fine, level, y);
  return level;
}

function halveRow(fine: Level, level: Level, y: number): void {
  for (let x = 0, i = y * level.width; x < level.width; x++, i++) {
    let r = 0,
      g = 0,
      b = 0,
      count = 0;
    for (let k = 0; k < 4; k++) {
      const fx = 2 * x + (k & 1);
      const fy = 2 * y + (k >> 1);
      const j = fy * fine.width + fx;
      if (fx >= fine.width || fy >= fine.height || !fine.known[j]) continue;
      count++;
      r += fine.colours[j * 3]!;
      g += fine.colours[j * 3 + 1]!;
      b += fine.colours[j * 3 + 2]!;
    }
    if (count === 0) continue;
    level.known[i] = 1;
    level.colours[i * 3] = r / count;
    level.colours[i * 3 + 1] = g / count;
    level.colours[i * 3 + 2] = b / count;
  }
}

/** What is not known is read from the coarser level, between its pixels. */
function fillFrom(fine: Level, coarse: Level): void {
  for (let y = 0; y < fine.height; y++) fillRow(fine, coarse, y);
}

function fillRow(fine: Level, coarse: Level, y: number): void {
  const near = y >> 1;
  const far = Math.min(coarse.height - 1, Math.max(0, near + (y & 1 ? 1 : -1)));
  for (let x = 0, i = y * fine.width; x < fine.width; x++, i++) {
    if (fine.known[i]) continue;
    const left = x >> 1;
    const right = Math.min(coarse.width - 1, Math.max(0, left + (x & 1 ? 1 : -1)));
    const a = (near * coarse.width + left) * 3;
    const b = (near * coarse.width + right) * 3;
    const c = (far * coarse.width + left) * 3;
    const d = (far * coarse.width + right) * 3;
    for (let k = 0; k < 3; k++)
      fine.colours[i * 3 + k] =
        (9 * coarse.colours[a + k]! + 3 * coarse.colours[b + k]! + 3 * coarse.colours[c + k]! + coarse.colours[d + k]!) / 16;
  }
}

function writeRow(rgba: Uint8ClampedArray, known: Uint8Array, colours: Float32Array, from: number, width: number): void {
  for (let x = 0, i = from; x < width; x++, i++) {
    if (!known[i]) for (let k = 0; k < 3; k++) rgba[i * 4 + k] = colours[i * 3 + k]!;
    rgba[i * 4 + 3] = 255;
  }
}
