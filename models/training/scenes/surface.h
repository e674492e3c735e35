// What surfaces look like: patterns in the plane of the face that is seen, and pieces of free photos.
#pragma once
#include "base.h"

enum Pattern { PLAIN, CHECKER, BRICKS, PLANKS, MARBLE, STRIPES, TILES, FACADE, GRAIN, SPOTS, PHOTO };

struct Material {
  Pattern pattern = PLAIN;
  Vec first{.5f, .5f, .5f}, second{.4f, .4f, .4f};
  float scale = 1;  // metres of one repetition
  float gloss = 0, glow = 0;
  int photo = 0;
  bool fitted = false;  // the photo covers the face once instead of repeating
};

constexpr int PHOTO_SIDE = 256;
inline std::vector<uint8_t> photoPixels;
inline int photoCount = 0;

inline Vec photoColour(int which, float u, float v) {
  u = (u - std::floor(u)) * PHOTO_SIDE - .5f, v = (v - std::floor(v)) * PHOTO_SIDE - .5f;
  int x = int(std::floor(u)), y = int(std::floor(v));
  float s = u - x, t = v - y;
  auto at = [&](int x, int y) {
    const uint8_t *p = &photoPixels[((size_t(which) * PHOTO_SIDE + (y & (PHOTO_SIDE - 1))) * PHOTO_SIDE + (x & (PHOTO_SIDE - 1))) * 3];
    return Vec(p[0], p[1], p[2]) * (1 / 255.f);
  };
  Vec c = mix(mix(at(x, y), at(x + 1, y), s), mix(at(x, y + 1), at(x + 1, y + 1), s), t);
  return c * c;  // about linear light
}

// p: place on the thing in metres; u, v: the two of its axes that lie in the face; across: 0..1 over the face.
inline Vec colourOf(const Material &m, const Vec &p, float u, float v, float acrossU, float acrossV) {
  float s = u / m.scale, t = v / m.scale;
  auto cell = [](float x) { return int(std::floor(x)); };
  switch (m.pattern) {
    case CHECKER: return (cell(s) + cell(t)) & 1 ? m.first : m.second;
    case BRICKS: case PLANKS: {
      float long_ = m.pattern == BRICKS ? .5f : .12f;
      int row = cell(t * (m.pattern == BRICKS ? 2 : 1));
      float along = s * (m.pattern == BRICKS ? 1 : long_) + row * .5f, frac = along - std::floor(along), rise = t * (m.pattern == BRICKS ? 2 : 1) - row;
      if (frac < .04f * (m.pattern == BRICKS ? 1 : .3f) || rise < .09f) return m.second;
      return m.first * (.75f + .5f * hashed(cell(along), row, 7)) * (.9f + .2f * noise(u * 9 / m.scale, v * 40 / m.scale, 0));
    }
    case MARBLE: return mix(m.first, m.second, clouds(p.x / m.scale, p.y / m.scale, p.z / m.scale, 4));
    case STRIPES: return (s - std::floor(s)) < .5f ? m.first : m.second;
    case TILES: return (s - std::floor(s) < .05f || t - std::floor(t) < .05f) ? m.second : m.first * (.9f + .2f * hashed(cell(s), cell(t), 3));
    case FACADE: {
      float a = s - std::floor(s), b = t - std::floor(t);
      if (a > .28f && a < .72f && b > .2f && b < .78f) {
        if (std::fabs(a - .5f) < .02f || std::fabs(b - .5f) < .015f) return Vec(.75f);
        float lit = hashed(cell(s), cell(t), 11);
        return lit > .85f ? Vec(.9f, .75f, .45f) : Vec(.1f, .13f, .17f) * (.5f + lit);
      }
      return m.first * (.9f + .2f * noise(u * 3, v * 3, 1)) * (b < .05f ? .7f : 1.f);
    }
    case GRAIN: return mix(m.first, m.second, clouds(p.x * 6 / m.scale, p.y * 6 / m.scale, p.z * 6 / m.scale, 3)) * (.7f + .6f * noise(p.x * 60 / m.scale, p.y * 60 / m.scale, p.z * 60 / m.scale));
    case SPOTS: {
      float a = s - std::floor(s) - .5f, b = t - std::floor(t) - .5f, r = .15f + .25f * hashed(cell(s), cell(t), 5);
      return a * a + b * b < r * r ? m.first : m.second;
    }
    case PHOTO:
      if (photoCount) return photoColour(m.photo, m.fitted ? acrossU : s, m.fitted ? -acrossV : -t) * m.first;
      [[fallthrough]];
    default: return m.first;
  }
}

inline Vec anyColour() { return chance.maybe(.35f) ? Vec(chance.log(.03f, .9f)) * Vec(chance(.9f, 1.1f), 1, chance(.9f, 1.1f)) : hsv(chance(), chance(.15f, .95f), chance.log(.08f, .9f)); }
inline Vec wallColour() { return hsv(chance(.03f, .18f), chance(0, .3f), chance(.35f, .9f)); }
inline Vec leafColour() { return chance.maybe(.85f) ? hsv(chance(.17f, .36f), chance(.35f, .85f), chance.log(.08f, .5f)) : hsv(chance(0, .15f), chance(.4f, .9f), chance(.15f, .6f)); }
inline Vec barkColour() { return hsv(chance(.05f, .11f), chance(.2f, .5f), chance(.06f, .3f)); }

inline Material plain(const Vec &c, float gloss = 0) {
  Material m;
  m.first = c, m.second = c * .6f, m.gloss = gloss;
  return m;
}
inline Material glowing(const Vec &c, float glow) {
  Material m = plain(c);
  m.glow = glow;
  return m;
}
inline Material patterned(Pattern pattern, const Vec &a, const Vec &b, float scale) {
  Material m;
  m.pattern = pattern, m.first = a, m.second = b, m.scale = scale;
  return m;
}
inline Material photographed(float scale, bool fitted) {
  Material m = patterned(PHOTO, Vec(chance(.7f, 1.2f)), Vec(.5f), scale);
  m.photo = photoCount ? chance.below(photoCount) : 0, m.fitted = fitted;
  return m;
}
// Anything, with details of about `size` metres.
inline Material anyMaterial(float size) {
  Material m;
  // A photo on a large plane would teach that what it shows is flat.
  if (size < .35f && chance.maybe(.35f)) m = photographed(size * chance(1, 4), chance.maybe(.4f));
  else {
    static const Pattern all[] = {PLAIN, PLAIN, PLAIN, MARBLE, MARBLE, GRAIN, CHECKER, STRIPES, SPOTS, PLANKS, TILES};
    Vec a = anyColour();
    m = patterned(all[chance.below(11)], a, chance.maybe(.5f) ? a * chance(.4f, .9f) : anyColour(), size * chance.log(.15f, 1.2f));
  }
  if (chance.maybe(.25f)) m.gloss = chance(.2f, .9f);
  return m;
}
