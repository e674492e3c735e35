// Things: people, animals, plants, furniture, cars, wires. Each stands at a place, turned, of a size.
#pragma once
#include "shapes.h"

struct Place {
  Vec at;
  Turn turn;
  float size = 1;
  Vec world(const Vec &v) const { return at + turn.out(v * size); }
  Place inner(const Vec &v, const Turn &t = Turn(), float s = 1) const { return {world(v), turn.then(t), size * s}; }
};

inline Shape &put(const Place &p, Kind kind, const Vec &centre, const Vec &half, int material, const Turn &turn = Turn()) { return add(kind, p.world(centre), p.turn.then(turn), half * p.size, material); }
inline void limb(const Place &p, const Vec &from, const Vec &to, float radius, int material, float taper = .8f) {
  rod(p.world(from), p.world(to), radius * p.size, material, taper);
  put(p, BALL, to, Vec(radius * taper * 1.02f), material);
}

inline void person(const Place &p, bool sits = false) {
  Vec tone = mix(Vec(.75f, .5f, .38f), Vec(.12f, .06f, .04f), chance() * chance());
  int skin = add(plain(tone, .1f)), hair = add(plain(hsv(chance(.03f, .12f), chance(.1f, .7f), chance.log(.02f, .5f)))), top = add(anyMaterial(.3f)), legs = add(anyMaterial(.3f)), shoes = add(plain(anyColour()));
  float hip = sits ? .48f : .88f, width = chance(.15f, .21f), lean = chance(-.1f, .15f), stride = chance(-.3f, .3f);
  Vec neck(0, hip + .56f, lean), head(chance(-.03f, .03f), hip + .75f, lean + chance(-.02f, .06f));
  bool skirt = chance.maybe(.15f);
  for (int side : {-1, 1}) {
    Vec from(side * width * .55f, hip, 0), knee = sits ? Vec(side * width * .7f, hip, .42f) : Vec(side * width * .6f, hip * .53f, side * stride * .5f + .03f), foot = sits ? knee + Vec(0, -hip + .05f, 0) : Vec(side * width * .6f, .06f, side * stride);
    limb(p, from, knee, .085f, legs), limb(p, knee, foot, .06f, legs);
    put(p, BALL, foot + Vec(0, -.02f, .06f), Vec(.045f, .04f, .12f), shoes);
    Vec shoulder(side * (width + .03f), hip + .5f, lean);
    float raise = chance.maybe(.2f) ? chance(.5f, 2.4f) : chance(-.1f, .4f), out = chance(.02f, .35f);
    Vec elbow = shoulder + Vec(side * .28f * std::sin(out), -.28f * std::cos(raise), .28f * std::sin(raise)), hand = elbow + unit(Vec(-side * chance(-.2f, .6f), -std::cos(raise + chance(0, 1.2f)), std::sin(raise + chance(0, 1.4f)))) * .26f;
    limb(p, shoulder, elbow, .055f, top), limb(p, elbow, hand, .042f, chance.maybe(.5f) ? top : skin);
    put(p, BALL, hand, Vec(.045f, .06f, .03f), skin);
  }
  put(p, BALL, Vec(0, hip + .3f, lean * .6f), Vec(width + .03f, .36f, .13f), top);
  put(p, BALL, Vec(0, hip + .04f, 0), Vec(width, .17f, .14f), legs);
  if (skirt) {
    Shape &s = put(p, TUBE, Vec(0, hip - .22f, 0), Vec(.3f, .3f, .25f), legs);
    s.taper = .5f;
  }
  limb(p, neck + Vec(0, -.05f, 0), head, .05f, skin, 1);
  put(p, BALL, head, Vec(.082f, .12f, .1f), skin);
  put(p, BALL, head + Vec(0, .04f, -.025f), Vec(.09f, .105f, .1f), hair);
  put(p, BALL, head + Vec(0, -.01f, .1f), Vec(.015f, .025f, .02f), skin);
  int eye = add(plain(Vec(.02f)));
  for (int side : {-1, 1}) put(p, BALL, head + Vec(side * .033f, .015f, .088f), Vec(.014f, .009f, .012f), eye);
  if (chance.maybe(.35f)) put(p, BALL, head + Vec(0, -.1f, -.06f), Vec(.1f, chance(.1f, .25f), .06f), hair);
  if (chance.maybe(.2f)) put(p, TUBE, head + Vec(0, .09f, 0), Vec(.15f, .012f, .15f), top), put(p, TUBE, head + Vec(0, .13f, 0), Vec(.1f, .05f, .1f), top);
  if (chance.maybe(.2f)) put(p, BOX, Vec(0, hip + .3f, -.2f), Vec(.15f, .22f, .09f), add(anyMaterial(.2f)));
}

inline void animal(const Place &p) {
  int coat = add(patterned(MARBLE, anyColour(), anyColour(), .2f)), dark = add(plain(Vec(.02f), .5f));
  float leg = chance(.12f, .45f), body = chance(.11f, .2f), half = chance(.22f, .5f);
  put(p, BALL, Vec(0, leg + body, 0), Vec(body, body * 1.05f, half), coat);
  for (int i = 0; i < 4; i++) limb(p, Vec((i & 1 ? 1 : -1) * body * .6f, leg + body * .6f, (i & 2 ? 1 : -1) * half * .7f), Vec((i & 1 ? 1 : -1) * body * .6f, .03f, (i & 2 ? 1 : -1) * half * .7f + chance(-.1f, .1f)), .045f, coat);
  Vec head(chance(-.1f, .1f), leg + body * 2.2f + chance(-.1f, .15f), half + chance(.02f, .12f));
  limb(p, Vec(0, leg + body * 1.3f, half * .7f), head, .08f, coat);
  put(p, BALL, head, Vec(.1f, .1f, .11f), coat);
  put(p, BALL, head + Vec(0, -.03f, .11f), Vec(.05f, .045f, .08f), coat);
  put(p, BALL, head + Vec(0, -.02f, .185f), Vec(.02f, .015f, .015f), dark);
  for (int side : {-1, 1}) {
    put(p, BALL, head + Vec(side * .045f, .03f, .09f), Vec(.016f), dark);
    put(p, TUBE, head + Vec(side * .065f, .11f, -.01f), Vec(.04f, .06f, .015f), coat, turnZ(-side * .3f)).taper = .2f;
  }
  Vec tail(0, leg + body * 1.3f, -half);
  limb(p, tail, tail + Vec(chance(-.2f, .2f), chance(-.1f, .4f), -chance(.1f, .3f)), .025f, coat);
}

inline int leafMaterial() {
  Vec c = leafColour();
  return add(patterned(GRAIN, c, c * chance(.4f, .8f), chance(.1f, .5f)));
}

// Leaves scattered in a ball, each its own card: what no teacher's label has the edges of.
inline void leaves(const Vec &middle, const Vec &reach, int count, float size, const int *materials, Outline outline = LEAF) {
  for (int i = 0; i < count; i++) {
    Vec d = unit(Vec(chance(-1, 1), chance(-1, 1), chance(-1, 1))) * std::pow(chance(), .4f);
    float s = size * chance(.6f, 1.4f);
    Shape &leaf = add(CARD, middle + d * reach, turnY(chance(0, 6.3f)).then(turnX(chance(-1.2f, 1.2f))).then(turnZ(chance(-1, 1))), Vec(s * (outline == LEAF ? .4f : 1), s, .001f), materials[chance.below(3)]);
    leaf.outline = outline;
  }
}

inline void tree(const Place &p, float detail) {
  int bark = add(patterned(GRAIN, barkColour(), barkColour(), .3f)), leaf[3] = {leafMaterial(), leafMaterial(), 0};
  leaf[2] = leaf[0];
  if (chance.maybe(.22f)) {  // a conifer: tiers of ragged cards round a stem
    float height = chance(3, 10), width = height * chance(.14f, .25f);
    rod(p.world(Vec()), p.world(Vec(0, height, 0)), .02f * height * p.size, bark, .3f);
    for (int i = 0; i < 9; i++)
      for (int k = 0; k < 3; k++) {
        float y = .15f + .8f * i / 9, w = width * (1.05f - y);
        put(p, CARD, Vec(0, height * y, 0), Vec(w, height * .09f, .01f), leaf[k], turnY(chance(0, 3.1f)).then(turnX(chance(-.5f, .5f)))).outline = RAGGED;
      }
    return;
  }
  float height = chance(1.3f, 4.5f), radius = chance(.07f, .25f), crown = chance(.8f, 2.4f);
  bool bare = chance.maybe(.2f);
  Vec lean(chance(-.3f, .3f), height, chance(-.3f, .3f));
  rod(p.world(Vec(0, -.1f, 0)), p.world(lean), radius * p.size, bark, .7f);
  int limbs = bare ? 9 : 4;
  for (int i = 0; i < limbs; i++) {
    Vec tip = lean + Vec(chance(-1, 1), chance(.3f, 1.2f), chance(-1, 1)) * crown;
    rod(p.world(lean * chance(.75f, 1)), p.world(tip), radius * .45f * p.size, bark, .3f);
    for (int k = 0; k < (bare ? 6 : 1); k++) {
      Vec from = mix(lean, tip, chance(.3f, 1));
      rod(p.world(from), p.world(from + Vec(chance(-1, 1), chance(-.2f, 1), chance(-1, 1)) * (crown * .4f)), radius * .12f * p.size, bark, .4f);
    }
    if (bare) continue;
    float part = crown * chance(.45f, .75f);
    if (detail < 1) put(p, BALL, tip, Vec(part, part * .7f, part) * .8f, leaf[i % 3]);
    leaves(p.world(tip), Vec(part, part * .8f, part) * p.size, int(20 + 60 * detail), p.size * (detail > 1 ? .1f : .3f), leaf, detail > 1 ? LEAF : RAGGED);
  }
}

inline void bush(const Place &p, float detail) {
  int leaf[3] = {leafMaterial(), leafMaterial(), leafMaterial()};
  for (int i = 0; i < 3; i++) {
    Vec c(chance(-.4f, .4f), chance(.2f, .5f), chance(-.4f, .4f));
    put(p, BALL, c, Vec(chance(.2f, .4f), chance(.2f, .35f), chance(.2f, .4f)), leaf[i]);
    leaves(p.world(c), Vec(.5f) * p.size, int(15 + 50 * detail), .09f * p.size, leaf);
  }
}

inline void grass(const Vec &at, float reach, int count, float height, float (*ground)(float, float)) {
  int blade[3] = {leafMaterial(), leafMaterial(), leafMaterial()};
  for (int i = 0; i < count; i++) {
    float x = at.x + chance(-reach, reach), z = at.z + chance(-reach, reach), h = height * chance(.4f, 1.3f), y = ground ? ground(x, z) : at.y;
    add(CARD, Vec(x, y + h * .5f, z), turnY(chance(0, 6.3f)).then(turnX(chance(-.4f, .4f))).then(turnZ(chance(-.4f, .4f))), Vec(h * .06f, h * .55f, .001f), blade[i % 3]).outline = LEAF;
  }
}

inline void flower(const Place &p, float stem) {
  int green = leafMaterial(), petal = add(plain(hsv(chance(), chance(.1f, .9f), chance(.5f, 1)))), heart = add(plain(hsv(chance(.05f, .16f), .8f, chance(.2f, .8f))));
  Vec top(chance(-.1f, .1f) * stem, stem, chance(-.1f, .1f) * stem);
  rod(p.world(Vec()), p.world(top), .006f * p.size, green);
  Turn face = turnY(chance(0, 6.3f)).then(turnX(chance(.1f, 1.3f)));
  int petals = 4 + chance.below(9);
  float r = chance(.03f, .07f);
  for (int i = 0; i < petals; i++) {
    Turn t = face.then(turnY(6.283f * i / petals)).then(turnX(chance(1, 1.4f)));
    add(CARD, p.world(top) + t.b * (r * p.size), p.turn.then(t), Vec(r * .55f, r, .001f) * p.size, petal).outline = LEAF;
  }
  put(p, BALL, top, Vec(r * .4f, r * .25f, r * .4f), heart, face);
  for (int i = 0; i < 3; i++) put(p, CARD, top * chance(.2f, .8f) + Vec(chance(-.05f, .05f), 0, chance(-.05f, .05f)), Vec(.015f, .06f, .001f), green, turnY(chance(0, 6.3f)).then(turnX(chance(.3f, 1.2f)))).outline = LEAF;
}

inline void car(const Place &p) {
  int paint = add(plain(anyColour(), .6f)), glass = add(plain(Vec(.04f, .05f, .07f), .9f)), black = add(plain(Vec(.02f))), lamp = add(glowing(Vec(.9f, .85f, .7f), .5f)), tail = add(plain(Vec(.5f, .03f, .03f), .3f));
  float half = chance(1.7f, 2.4f), low = chance(.3f, .42f), high = chance(.25f, .7f);
  put(p, BOX, Vec(0, .3f + low, 0), Vec(.86f, low, half), paint);
  put(p, BOX, Vec(0, .3f + 2 * low + high * .5f, -.15f), Vec(.74f, high * .55f, half * chance(.45f, .75f)), glass);
  put(p, BOX, Vec(0, .3f + 2 * low + high * 1.08f, -.15f), Vec(.72f, .03f, half * .5f), paint);
  for (int i = 0; i < 4; i++) put(p, TUBE, Vec((i & 1 ? 1 : -1) * .8f, .32f, (i & 2 ? 1 : -1) * half * .62f), Vec(.32f, .1f, .32f), black, turnZ(1.5708f));
  for (int side : {-1, 1}) put(p, BALL, Vec(.6f * side, .3f + low * 1.2f, half), Vec(.14f, .08f, .05f), lamp), put(p, BALL, Vec(.6f * side, .3f + low * 1.3f, -half), Vec(.12f, .08f, .04f), tail);
}

inline void pole(const Place &p) {
  int metal = add(plain(anyColour() * .6f, .2f));
  float height = chance(2.2f, 7);
  rod(p.world(Vec()), p.world(Vec(0, height, 0)), chance(.03f, .08f) * p.size, metal, .8f);
  float kind = chance();
  if (kind < .35f) rod(p.world(Vec(0, height, 0)), p.world(Vec(1.2f, height + .2f, 0)), .03f * p.size, metal), put(p, BALL, Vec(1.2f, height + .15f, 0), Vec(.25f, .08f, .12f), add(glowing(Vec(1, .9f, .7f), .7f)));
  else if (kind < .75f) {
    bool round = chance.maybe(.5f);
    Shape &s = put(p, CARD, Vec(0, height - .3f, .06f), Vec(chance(.25f, .5f), chance(.25f, .4f), .01f), add(chance.maybe(.5f) ? photographed(1, true) : patterned(SPOTS, anyColour(), anyColour(), .5f)));
    if (round) s.half.y = s.half.x, s.outline = DISC;
  }
}

// A cable that hangs between two points.
inline void wire(const Vec &a, const Vec &b, float sag, float radius, int material) {
  Vec last = a;
  for (int i = 1; i <= 10; i++) {
    float t = i / 10.f;
    Vec now = mix(a, b, t) + Vec(0, -4 * sag * t * (1 - t), 0);
    rod(last, now, radius, material);
    last = now;
  }
}

inline void fence(const Vec &from, const Vec &to, float height) {
  int m = add(plain(anyColour() * .8f, .2f));
  float far = length(to - from), step = chance(.09f, .3f);
  int kind = chance.below(3);
  if (kind == 0) {
    Turn t = along(Vec(0, 1, 0));
    t.a = unit(to - from), t.c = cross(t.a, t.b);
    Shape &s = add(CARD, (from + to) * .5f + Vec(0, height * .5f, 0), t, Vec(far * .5f, height * .5f, .01f), m);
    s.outline = LATTICE, s.taper = 1 / step;
  } else
    for (float s = 0; s < far; s += step) {
      Vec at = mix(from, to, s / far);
      rod(at, at + Vec(0, height, 0), kind == 1 ? .012f : .04f, m);
      if (s / step > 160) break;
    }
  for (float y : {.15f, .95f}) rod(from + Vec(0, height * y, 0), to + Vec(0, height * y, 0), .02f, m);
}

inline void smallThing(const Place &p) {  // about .1 m
  int m = add(anyMaterial(.08f));
  float s = chance(.03f, .09f);
  switch (chance.below(7)) {
    case 0: put(p, TUBE, Vec(0, s, 0), Vec(s * .6f, s, s * .6f), m).taper = chance(.7f, 1.3f); break;
    case 1: put(p, BOX, Vec(0, s * .5f, 0), Vec(s, s * .5f, s * chance(.6f, 1.6f)), m, turnY(chance(0, 3))); break;
    case 2: put(p, BALL, Vec(0, s * .9f, 0), Vec(s, s * .9f, s), m); break;
    case 3:
      put(p, TUBE, Vec(0, .1f, 0), Vec(.035f, .1f, .035f), m);
      put(p, TUBE, Vec(0, .24f, 0), Vec(.034f, .05f, .034f), m).taper = .35f;
      break;
    case 4:
      put(p, TUBE, Vec(0, .01f, 0), Vec(s, .01f, s) * 1.6f, m);
      for (int i = 0; i < 5; i++) put(p, BALL, Vec(chance(-s, s), .03f, chance(-s, s)), Vec(chance(.015f, .04f)), add(plain(anyColour(), .2f)));
      break;
    case 5: put(p, BOX, Vec(0, .12f, 0), Vec(.08f, .12f, .03f), add(photographed(.3f, true)), turnY(chance(0, 3))); break;
    default:
      put(p, TUBE, Vec(0, .05f, 0), Vec(.05f, .05f, .05f), m);
      for (int i = 0; i < 3; i++) flower(p.inner(Vec(chance(-.03f, .03f), .08f, chance(-.03f, .03f))), chance(.1f, .3f));
  }
}

inline void furniture(const Place &p) {
  int m = add(anyMaterial(.4f)), n = add(anyMaterial(.4f));
  switch (chance.below(11)) {
    case 0: case 1: {  // table with things
      float w = chance(.35f, 1), d = chance(.3f, .6f), h = chance(.35f, .78f);
      put(p, BOX, Vec(0, h, 0), Vec(w, .02f, d), m);
      for (int i = 0; i < 4; i++) put(p, BOX, Vec((i & 1 ? 1 : -1) * (w - .05f), h / 2, (i & 2 ? 1 : -1) * (d - .05f)), Vec(.025f, h / 2, .025f), n);
      for (int i = chance.below(7); i--;) smallThing(p.inner(Vec(chance(-w, w) * .85f, h + .02f, chance(-d, d) * .85f)));
      break;
    }
    case 2: {  // chair with a back of bars
      float h = chance(.42f, .48f), w = chance(.19f, .26f);
      put(p, BOX, Vec(0, h, 0), Vec(w, .02f, w), m);
      for (int i = 0; i < 4; i++) rod(p.world(Vec((i & 1 ? 1 : -1) * w, 0, (i & 2 ? 1 : -1) * w)), p.world(Vec((i & 1 ? 1 : -1) * w * .9f, i & 2 ? h : h + .45f, (i & 2 ? 1 : -1) * w * .9f)), .015f * p.size, n);
      for (int i = 0; i < 4; i++) put(p, BOX, Vec(0, h + .12f + i * .1f, -w), Vec(w * .9f, .02f, .01f), m);
      break;
    }
    case 3: {  // sofa
      float w = chance(.5f, 1.2f);
      put(p, BOX, Vec(0, .22f, 0), Vec(w, .2f, .42f), m), put(p, BOX, Vec(0, .5f, -.36f), Vec(w, .35f, .12f), m, turnX(-.12f));
      for (int side : {-1, 1}) put(p, BOX, Vec(side * w, .32f, 0), Vec(.1f, .3f, .42f), m);
      for (int i = chance.below(4); i--;) put(p, BALL, Vec(chance(-w, w) * .8f, .56f, -.15f), Vec(.2f, .19f, .08f), n, turnX(-.3f));
      break;
    }
    case 4: {  // bed
      float w = chance(.45f, 1);
      put(p, BOX, Vec(0, .22f, 0), Vec(w, .2f, 1), m), put(p, BOX, Vec(0, .45f, .1f), Vec(w + .03f, .06f, .85f), n), put(p, BOX, Vec(0, .5f, -1), Vec(w, .5f, .04f), m);
      for (int side : {-1, 1}) put(p, BALL, Vec(side * w * .45f, .58f, -.7f), Vec(.28f, .1f, .2f), n);
      break;
    }
    case 5: case 6: {  // shelves
      float w = chance(.3f, .8f), h = chance(.4f, 1.1f), d = chance(.13f, .2f);
      int boards = 2 + chance.below(4);
      put(p, BOX, Vec(0, h, -d), Vec(w, h, .01f), m);
      for (int side : {-1, 1}) put(p, BOX, Vec(side * w, h, 0), Vec(.015f, h, d), m);
      for (int i = 0; i <= boards; i++) {
        float y = 2 * h * i / boards, x = -w + .05f;
        put(p, BOX, Vec(0, y, 0), Vec(w, .012f, d), m);
        while (i < boards && x < w - .06f && chance.maybe(.93f)) {
          float t = chance(.012f, .05f), tall = chance(.4f, .85f) * h / boards;
          put(p, BOX, Vec(x + t, y + tall + .012f, chance(-.03f, .03f)), Vec(t, tall, d * .7f), add(plain(anyColour())));
          x += 2 * t + (chance.maybe(.12f) ? chance(0, .2f) : .002f);
        }
      }
      break;
    }
    case 7: {  // cupboard
      float w = chance(.25f, .7f), h = chance(.3f, 1.05f), d = chance(.2f, .35f);
      put(p, BOX, Vec(0, h, 0), Vec(w, h, d), m);
      for (int i = 0; i < 3; i++) put(p, BOX, Vec(0, 2 * h * (i + .5f) / 3, d), Vec(w * .93f, h / 3 * .9f, .012f), n);
      for (int i = chance.below(3); i--;) smallThing(p.inner(Vec(chance(-w, w) * .8f, 2 * h, 0)));
      break;
    }
    case 8: {  // plant
      int leaf[3] = {leafMaterial(), leafMaterial(), leafMaterial()};
      put(p, TUBE, Vec(0, .15f, 0), Vec(.12f, .15f, .12f), m).taper = 1.25f;
      for (int i = 0; i < 5; i++) {
        Vec tip(chance(-.25f, .25f), chance(.5f, 1.1f), chance(-.25f, .25f));
        rod(p.world(Vec(0, .25f, 0)), p.world(tip), .008f * p.size, leaf[i % 3]);
        leaves(p.world(tip), Vec(.16f) * p.size, 9, .1f * p.size, leaf);
      }
      break;
    }
    case 9: {  // lamp
      rod(p.world(Vec()), p.world(Vec(0, 1.25f, 0)), .014f * p.size, m), put(p, TUBE, Vec(0, .02f, 0), Vec(.14f, .02f, .14f), m);
      put(p, TUBE, Vec(0, 1.35f, 0), Vec(.19f, .14f, .19f), add(glowing(Vec(1, .9f, .7f), .9f))).taper = .6f;
      break;
    }
    default: {  // boxes, a ball
      float s = chance(.1f, .35f);
      put(p, BOX, Vec(0, s, 0), Vec(s * chance(.6f, 1.5f), s, s), m);
      if (chance.maybe(.5f)) put(p, BALL, Vec(0, 2 * s + .12f, 0), Vec(.12f), n);
    }
  }
}
