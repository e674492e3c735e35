import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  JOINED_DOWN,
  JOINED_RIGHT,
  NOTHING,
  inverseDepth,
  lensFor,
  photoCamera,
  translation,
  type DepthMap,
  type Eyebox,
  type Layer,
  type Raster,
} from '../../../../src/core/index.ts';
import { benchScene, roughen } from '../../../bench/scene.ts';
import { drawScene } from '../../../helpers/draw-scene.ts';
import { PLACES, uncovered } from '../../../helpers/uncovered.ts';
import { applyInpainted, buildHoles, fillSmooth, grow, mesh, sharpen, tear } from '../../../helpers/heart.ts';

const eyebox: Eyebox = { x: 0.02, y: 0.02, z: 0.06 };

type Colour = readonly [number, number, number];
/** What stands at a pixel: its disparity and its colour. */
type Made = (x: number, y: number) => readonly [number, Colour];

const RED: Colour = [220, 30, 30];
const GREEN: Colour = [30, 170, 30];
const BLUE: Colour = [30, 60, 200];
const GREY: Colour = [150, 150, 150];

function make(width: number, height: number, at: Made): { photo: Raster; depth: DepthMap } {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const disparity = new Float32Array(width * height);
  for (let i = 0; i < width * height; i++) {
    const [d, colour] = at(i % width, Math.floor(i / width));
    disparity[i] = d;
    rgba.set([...colour, 255], i * 4);
  }
  return { photo: { width, height, rgba }, depth: { width, height, disparity } };
}

/** @param smoothing 0 takes the map at its word. */
function sceneOf({ photo, depth }: { photo: Raster; depth: DepthMap }, smoothing = 0) {
  const lens = lensFor(photo.width, photo.height);
  const options = { lens, eyebox };
  const map = sharpen(depth, photo, { smoothing, exact: false });
  const grown = grow(photo, map, tear(map, photo, options), options);
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (input) applyInpainted(grown, k, fillSmooth(input));
  }
  return { width: photo.width, height: photo.height, lens, grown, layers: grown.layers, meshes: mesh(grown.layers, options) };
}

type Built = ReturnType<typeof sceneOf>;

/** What a scene holds behind photo pixel (x, y), nearest layer first: disparity and colour of each. */
function behind({ layers }: Built, x: number, y: number): { d: number; colour: number[] }[] {
  const { width, margin } = layers[0]!;
  const i = (y + margin) * width + x + margin;
  return layers
    .slice(1)
    .filter((l) => l.disparity[i] !== NOTHING)
    .map((l) => ({ d: l.disparity[i]!, colour: [...l.rgba.subarray(i * 4, i * 4 + 3)] }));
}

const near = (colour: readonly number[], wanted: Colour) => colour.every((c, k) => Math.abs(c - wanted[k]!) < 40);

/** A post before a middle wall on the left and a far wall on the right. */
const twoBackgrounds: Made = (x) => (x >= 70 && x < 80 ? [0.95, RED] : x < 70 ? [0.5, GREEN] : [0.1, BLUE]);
/** A square before a larger square before a wall. */
const holeInHole: Made = (x, y) => {
  const inside = (r: number) => Math.abs(x - 80) < r && Math.abs(y - 60) < r;
  return inside(18) ? [0.95, RED] : inside(28) ? [0.5, GREEN] : [0.1, BLUE];
};
const floorAt = (y: number) => 0.1 + 0.006 * (y - 60);
/** A box that stands on a floor before a wall. */
const boxOnFloor: Made = (x, y) => (Math.abs(x - 80) < 15 && y >= 40 && y < 90 ? [0.75, RED] : y >= 60 ? [floorAt(y), GREEN] : [0.1, BLUE]);
/** A tower and a hill before the sky. */
const tower: Made = (x, y) => (x >= 70 && x < 86 && y >= 20 ? [0.8, RED] : y > 70 - x / 8 ? [0.3, GREEN] : [0, BLUE]);
/** Leaves at many depths before a wall: more of them behind one another than there are layers. */
const leaves: Made = (x, y) => {
  for (let k = 4; k > 0; k--) {
    const u = (x + 5 * k) % 11;
    const v = (y + 7 * k + Math.floor((x + 5 * k) / 11) * 4) % 13;
    if (x > 30 && x < 130 && y > 20 && y < 100 && (u - 4) ** 2 + (v - 4) ** 2 < 9) return [0.2 + 0.18 * k, k % 2 ? RED : GREEN];
  }
  return [0.05, GREY];
};
const SCENES: Readonly<Record<string, Made>> = {
  'two backgrounds': twoBackgrounds,
  'a hole in a hole': holeInHole,
  'a box on a floor': boxOnFloor,
  'a tower before the sky': tower,
  'many leaves': leaves,
};

test('two backgrounds each go on behind one foreground, in their own depth and colour', () => {
  const scene = sceneOf(make(160, 100, twoBackgrounds));
  const both = behind(scene, 72, 50);
  const middle = both.find(({ d }) => Math.abs(d - 0.5) < 0.03);
  const far = both.find(({ d }) => Math.abs(d - 0.1) < 0.03);
  assert.ok(middle && middle.colour[1]! > middle.colour[2]! + 40, `the middle one: ${JSON.stringify(both)}`);
  assert.ok(far && far.colour[2]! > far.colour[1]! + 40, `the far one: ${JSON.stringify(both)}`);
});

test('behind a hole is another: the wall goes on behind the middle square where that goes on behind the front one', () => {
  const scene = sceneOf(make(160, 120, holeInHole));
  const atFront = behind(scene, 64, 60);
  assert.ok(
    atFront.some(({ d, colour }) => Math.abs(d - 0.5) < 0.03 && near(colour, GREEN)),
    JSON.stringify(atFront),
  );
  const atMiddle = behind(scene, 53, 60);
  assert.ok(
    atMiddle.some(({ d, colour }) => Math.abs(d - 0.1) < 0.03 && near(colour, BLUE)),
    JSON.stringify(atMiddle),
  );
  for (const { colour } of [...atFront, ...atMiddle]) assert.ok(!near(colour, RED), 'nothing of the front square is behind it');
});

test('floor and wall go on straight behind what stands before them', () => {
  const scene = sceneOf(make(160, 120, boxOnFloor));
  let floor = 0,
    wall = 0;
  for (let y = 42; y < 88; y++) {
    // Near the corner of floor and wall, and at the box's foot, both are right.
    if (Math.abs(y - 60) < 5) continue;
    for (const x of [66, 68, 91, 93]) {
      const [first] = behind(scene, x, y);
      if (!first) continue;
      const truth = y >= 60 ? floorAt(y) : 0.1;
      assert.ok(Math.abs(first.d - truth) < 0.015, `at ${x}, ${y}: ${first.d} for ${truth}`);
      assert.ok(near(first.colour, y >= 60 ? GREEN : BLUE), `at ${x}, ${y}: ${first.colour}`);
      if (y >= 60) floor++;
      else wall++;
    }
  }
  assert.ok(floor > 40 && wall > 30, `${floor} of the floor, ${wall} of the wall`);
});

test('the sky stays behind everything', () => {
  const scene = sceneOf(make(160, 120, tower));
  let sky = 0;
  for (let y = 25; y < 45; y++) {
    for (const x of [71, 73, 82, 84]) {
      for (const { d, colour } of behind(scene, x, y)) {
        assert.ok(d < 0.005, `sky at ${x}, ${y}: ${d}`);
        assert.ok(near(colour, BLUE));
        sky++;
      }
    }
  }
  assert.ok(sky >= 60);
});

test('the sky beside a near post goes on behind the post, but hardly behind the low wall that the post stands before', () => {
  const scene = sceneOf(make(640, 60, (x) => (x >= 300 && x < 306 ? [0.95, RED] : x < 300 ? [0, BLUE] : [0.2, GREY])));
  const isSky = (x: number) => behind(scene, x, 30).some(({ d }) => d < 0.02);
  assert.ok(isSky(300) && isSky(302), 'behind the post');
  let last = 306;
  while (isSky(last)) last++;
  assert.ok(last < 318, `behind the wall up to ${last}`);
});

test('behind leaves lies what is typical of the farther things between them, not their farthest specks', () => {
  const specks: Made = (x, y) => {
    const [d, colour] = leaves(x, y);
    if (d > 0.1) return [d, colour];
    return (x * 7 + y * 3) % 23 === 0 ? [0, BLUE] : [0.2, GREY];
  };
  const { layers, grown } = sceneOf(make(160, 120, specks));
  const last = layers.length - 1;
  let blue = 0;
  let count = 0;
  for (let i = 0; i < grown.holes[last]!.hole.length; i++) {
    if (!grown.holes[last]!.hole[i]) continue;
    count++;
    if (near([...layers[last]!.rgba.subarray(i * 4, i * 4 + 3)], BLUE)) blue++;
  }
  assert.ok(count > 500 && blue < 0.1 * count, `${blue} of ${count} are of the specks' colour`);
});

test('foliage that the frame cuts goes on as foliage, not as bars; a wall beside it goes on evenly', () => {
  const spots = (x: number, y: number) => ((x * 37 + y * 91 + Math.floor(x / 3) * 53 + Math.floor(y / 3) * 17) % 97) / 97;
  const hedge: Made = (x, y) => (x < 200 && Math.floor(y / 4) % 2 === 0 ? [0.8, spots(x, y) > 0.5 ? GREEN : RED] : [0.1, GREY]);
  const { layers } = sceneOf(make(640, 120, hedge));
  const { width, margin, rgba, disparity } = layers[0]!;
  /** Mean step of the green channel from pixel to pixel, away from the frame. */
  const liveliness = (from: number, to: number, isNear: boolean): number => {
    let sum = 0;
    let count = 0;
    for (let y = margin + 30; y < margin + 90; y++) {
      for (let i = y * width + from; i < y * width + to; i++) {
        if (disparity[i] === NOTHING || disparity[i]! > 0.5 !== isNear || disparity[i + 1]! > 0.5 !== isNear) continue;
        sum += Math.abs(rgba[i * 4 + 1]! - rgba[i * 4 + 5]!);
        count++;
      }
    }
    assert.ok(count > 100, 'something is there');
    return sum / count;
  };
  const seen = liveliness(margin + 20, margin + 60, true);
  assert.ok(liveliness(margin - 12, margin - 2, true) > seen / 8, `${liveliness(margin - 12, margin - 2, true)} of ${seen}`);
  assert.ok(liveliness(margin + 642, margin + 652, false) < 1, 'the wall');
});

test('beyond the frame many leaves are one surface without gaps; a few twigs before a far wall leave it free', () => {
  /** Share of what is near in the columns beside the photo's left side. */
  const nearBeside = (isLeaf: (y: number) => boolean): number => {
    const leaves: Made = (x, y) => (x < 60 && isLeaf(y) ? [0.6 + 0.1 * (Math.floor(y / 6) % 3), GREEN] : [0.1, GREY]);
    const { width, margin, disparity } = sceneOf(make(320, 240, leaves)).layers[0]!;
    let near = 0;
    let count = 0;
    for (let y = margin + 60; y < margin + 180; y++) {
      for (let x = margin - 8; x < margin; x++, count++) if (disparity[y * width + x]! > 0.5) near++;
    }
    return near / count;
  };
  assert.equal(
    nearBeside((y) => y % 6 < 4),
    1,
  );
  assert.ok(nearBeside((y) => y % 24 < 2) < 0.2);
});

for (const [name, at] of Object.entries(SCENES)) {
  test(`${name}: from nowhere in the eyebox does a crack show`, () => {
    assert.equal(uncovered(sceneOf(make(160, 120, at)), eyebox), 0);
  });

  test(`${name}: what is grown lies behind its cover`, () => {
    staysBehind(sceneOf(make(160, 120, at)));
  });
}

function staysBehind({ layers, grown }: Built): void {
  const front = layers[0]!.disparity;
  for (let k = 1; k < layers.length; k++) {
    const { hole } = grown.holes[k]!;
    for (let i = 0; i < hole.length; i++) {
      if (hole[i]) assert.ok(layers[k]!.disparity[i]! < front[i]!, `layer ${k}, pixel ${i}: ${layers[k]!.disparity[i]} behind ${front[i]}`);
    }
  }
}

for (const kind of ['noise', 'grey16', 'brightness'] as const) {
  test(`a rough map (${kind}): what is grown lies behind its cover, and all but one pixel in ten thousand is covered`, () => {
    const { photo, depth } = benchScene(200, 200);
    const scene = sceneOf({ photo, depth: roughen(depth, photo, kind) }, 1);
    staysBehind(scene);
    const count = uncovered(scene, eyebox);
    assert.ok(count <= (1 / 10_000) * PLACES.length * 200 * 200, `${count} pixels`);
  });
}

test('nothing is seen twice: what stands in front leaves none of its colour in the layers behind', () => {
  for (const at of [twoBackgrounds, holeInHole, boxOnFloor, tower]) {
    const { layers, grown } = sceneOf(make(160, 120, at));
    for (let k = 1; k < layers.length; k++) {
      const { hole } = grown.holes[k]!;
      for (let i = 0; i < hole.length; i++)
        if (hole[i]) assert.ok(!near([...layers[k]!.rgba.subarray(i * 4, i * 4 + 3)], RED), `layer ${k}, pixel ${i}`);
    }
  }
});

test('a sheet is drawn as the surfaces that it joins: each stays in its place up to the step, and nothing opens between them', () => {
  const [width, height] = [200, 120];
  const lens = lensFor(width, height);
  const size = width * height;
  const wall = (i: number) => i % width < 103;
  const layer = (disparity: Float32Array, joins: Uint8Array, colour: (i: number) => Colour): Layer => {
    const rgba = new Uint8ClampedArray(size * 4);
    for (let i = 0; i < size; i++) rgba.set([...colour(i), 255], i * 4);
    return { width, height, margin: 0, rgba, disparity, joins };
  };
  const joined = Uint8Array.from({ length: size }, (_, i) => ((i + 1) % width ? JOINED_RIGHT : 0) | (i + width < size ? JOINED_DOWN : 0));
  const layers = [
    layer(new Float32Array(size).fill(NOTHING), new Uint8Array(size), () => RED),
    layer(
      Float32Array.from({ length: size }, (_, i) => (wall(i) ? 0.9 : 0)),
      joined,
      (i) => (wall(i) ? GREY : BLUE),
    ),
  ];
  const scene = { width, height, lens, layers, meshes: mesh(layers, { lens, eyebox }) };
  const row = (x: number) => {
    const { rgba } = drawScene(scene, { ...photoCamera(lens, width, height), c2w: translation(x, 0, 0) }, 1);
    return Array.from({ length: width }, (_, k) => [...rgba.subarray((60 * width + k) * 4, (60 * width + k) * 4 + 3)]);
  };
  // The camera goes left: the wall moves right, and covers the sky. The other way something must stand between them.
  const shift = Math.round(lens.fx * width * eyebox.x * inverseDepth(lens, 0.9));
  assert.ok(shift >= 3, `${shift} pixels`);
  const covered = row(-eyebox.x);
  for (let x = 100; x < 103 + shift - 1; x++) assert.deepEqual(covered[x], [...GREY], `at ${x}`);
  assert.deepEqual(covered[103 + shift + 1], [...BLUE]);
  const opened = row(eyebox.x);
  assert.deepEqual(opened[103 - shift - 2], [...GREY]);
  for (let x = 20; x < 180; x++) assert.notDeepEqual(opened[x], [0, 0, 0], `nothing at ${x}`);
});
