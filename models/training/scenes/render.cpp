// Renders random scenes with their exact disparity: a stream of pictures to standard output.
//
// usage: render SEED COUNT WIDTH HEIGHT [PHOTOS.rgb PHOTO_COUNT]
// A picture: height x width x 3 uint8 RGB, then height x width uint16, 65535 * disparity / nearest; sky is 0.
// PHOTOS.rgb: free photos of 256 x 256 x 3 uint8 that become posters, cartons, cloths and floors.
// The same seed makes the same pictures. Build: g++ -O3 -march=native -ffast-math -std=c++17 -o render render.cpp
#include "places.h"

static Vec skyColour(const Vec &way) {
  float up = clamp(way.y);
  Vec c = mix(scene.horizon, scene.sky, std::pow(up, .5f));
  if (scene.cloudiness > 0 && up > 0) {
    float k = 1.5f / (up + .25f), puff = clouds(way.x * k + 7, way.z * k, 3, 5);
    c = mix(c, Vec(.9f, .9f, .92f) * clamp(length(scene.horizon)), clamp((puff - .62f + .3f * scene.cloudiness) * 4) * .8f);
  }
  float glare = std::max(0.f, dot(way, scene.sun));
  return c + scene.sunLight * (std::pow(glare, 600.f) * 3 + std::pow(glare, 12.f) * .12f);
}

static Vec shade(const Vec &from, const Vec &way, float &disparity) {
  Hit hit = trace(from, way);
  if (!hit.shape) {
    disparity = 0;
    return skyColour(way);
  }
  disparity = 1 / std::max(1e-3f, hit.t * dot(way, camera.forward));
  const Shape &s = *hit.shape;
  const Material &m = scene.materials[s.material];
  Vec at = from + way * hit.t, local = s.kind == LAND ? at : s.turn.in(at - s.centre), face = s.kind == LAND ? Vec(0, 1, 0) : s.turn.in(hit.normal);
  int axis = std::fabs(face.x) > std::fabs(face.y) ? (std::fabs(face.x) > std::fabs(face.z) ? 0 : 2) : (std::fabs(face.y) > std::fabs(face.z) ? 1 : 2);
  int i = axis == 0 ? 2 : 0, j = axis == 1 ? 2 : 1;
  float u = local[i], v = local[j], acrossU = s.kind == LAND ? 0 : u / s.half[i] * .5f + .5f, acrossV = s.kind == LAND ? 0 : v / s.half[j] * .5f + .5f;
  if (s.kind == TUBE && axis != 1) u = std::atan2(local.x, local.z) * s.half.x, acrossU = u / s.half.x / 6.2832f + .5f;
  Vec colour = colourOf(m, local, u, v, acrossU, acrossV), n = hit.normal, start = at + n * (1e-3f + hit.t * 2e-4f);
  bool thin = s.kind == CARD;
  Vec light = scene.ambient * (.62f + .38f * n.y);
  float facing = dot(n, scene.sun);
  if (thin) facing = std::fabs(facing) * .8f;
  if (facing > 0 && length(scene.sunLight) > .05f && !trace(start, scene.sun, 300, true).shape) light = light + scene.sunLight * facing;
  Vec shine;
  Vec mirror = way - n * (2 * dot(n, way));
  for (const Light &lamp : scene.lights) {
    Vec to = lamp.at - at;
    float far = length(to);
    to = to * (1 / std::max(far, 1e-3f));
    float k = thin ? std::fabs(dot(n, to)) : dot(n, to);
    if (k <= 0 || trace(start, to, far, true).shape) continue;
    light = light + lamp.colour * (k / (.3f + far * far * .35f));
    if (m.gloss > 0) shine = shine + lamp.colour * (std::pow(std::max(0.f, dot(mirror, to)), 40.f) * m.gloss / (.5f + far * .3f));
  }
  Vec seen = colour * light + colour * m.glow + shine;
  if (m.gloss > 0) {
    float grazing = .04f + .96f * std::pow(clamp(1 + dot(way, n)), 5.f);
    Vec other = mirror.y > 0 ? skyColour(mirror) * (scene.lights.empty() ? 1.f : .25f) : scene.ambient * .4f;
    seen = mix(seen, other, clamp(grazing * m.gloss * 1.5f));
    if (facing > 0) seen = seen + scene.sunLight * (std::pow(std::max(0.f, dot(mirror, scene.sun)), 60.f) * m.gloss);
  }
  if (scene.fog > 0) seen = mix(seen, scene.fogColour, 1 - std::exp(-hit.t * scene.fog));
  return seen;
}

struct Picture {
  int width, height;
  std::vector<Vec> colour;
  std::vector<float> disparity;
};

static bool dull(const Picture &p) {
  std::vector<float> d = p.disparity;
  auto part = [&](float q) {
    auto at = d.begin() + size_t(q * (d.size() - 1));
    std::nth_element(d.begin(), at, d.end());
    return *at;
  };
  float high = part(.95f), low = part(.05f), top = part(.999f);
  return top > 30 || high < 1e-3f || low > high * .72f;
}

static bool draw(Picture &p) {
  float tx = camera.tangent, ty = camera.tangent;
  (p.width > p.height ? ty : tx) *= p.width > p.height ? float(p.height) / p.width : float(p.width) / p.height;
  auto way = [&](float x, float y) { return unit(camera.forward + camera.right * ((x / p.width * 2 - 1) * tx) + camera.up * ((1 - y / p.height * 2) * ty)); };
  for (int y = 0; y < p.height; y++)
    for (int x = 0; x < p.width; x++) p.colour[y * p.width + x] = shade(camera.at, way(x + .5f, y + .5f), p.disparity[y * p.width + x]);
  if (dull(p)) return false;
  // More rays where neighbours differ: as a lens would mix them. The disparity stays that of the middle of the pixel.
  std::vector<Vec> once = p.colour;
  auto grey = [&](int i) { return std::sqrt(std::max(0.f, once[i].x + once[i].y + once[i].z)); };
  for (int y = 0; y < p.height; y++)
    for (int x = 0; x < p.width; x++) {
      int i = y * p.width + x;
      float g = grey(i), most = 0;
      if (x) most = std::max(most, std::fabs(grey(i - 1) - g));
      if (y) most = std::max(most, std::fabs(grey(i - p.width) - g));
      if (x + 1 < p.width) most = std::max(most, std::fabs(grey(i + 1) - g));
      if (y + 1 < p.height) most = std::max(most, std::fabs(grey(i + p.width) - g));
      if (most < .1f) continue;
      float unused;
      Vec sum = once[i];
      for (int k = 0; k < 3; k++) sum = sum + shade(camera.at, way(x + .5f + (k == 0 ? -.33f : k == 1 ? .33f : 0), y + .5f + (k == 2 ? .35f : -.22f)), unused);
      p.colour[i] = sum * .25f;
    }
  return true;
}

// Blur away from the focus, which lies on something near.
static void focus(Picture &p) {
  std::vector<float> sorted = p.disparity;
  auto at = sorted.begin() + sorted.size() * 85 / 100;
  std::nth_element(sorted.begin(), at, sorted.end());
  float sharp = *at, gain = chance(2, 8) / std::max(1e-6f, sharp);
  std::vector<Vec> before = p.colour;
  auto radius = [&](int i) { return clamp(std::fabs(p.disparity[i] - sharp) * gain - .6f, 0, 5); };
  for (int y = 0; y < p.height; y++)
    for (int x = 0; x < p.width; x++) {
      int i = y * p.width + x, reach = int(std::ceil(radius(i)));
      float r = radius(i), weights = 0;
      Vec sum;
      for (int b = std::max(0, y - reach); reach && b <= std::min(p.height - 1, y + reach); b++)
        for (int a = std::max(0, x - reach); a <= std::min(p.width - 1, x + reach); a++) {
          float far = float((a - x) * (a - x) + (b - y) * (b - y));
          int k = b * p.width + a;
          if (far > r * r + .3f) continue;
          float other = radius(k), w = other * other >= far * .6f || (p.disparity[k] <= p.disparity[i] * 1.05f && other > .5f) ? 1.f : .02f;
          sum = sum + before[k] * w, weights += w;
        }
      if (weights > 0) p.colour[i] = sum * (1 / weights);
    }
}

static void expose(const Picture &p, std::vector<uint8_t> &rgb, std::vector<uint16_t> &code) {
  double mean = 0;
  for (const Vec &v : p.colour) mean += std::min(3.f, (v.x + v.y + v.z) / 3);
  float gain = std::min(8.f, chance(.12f, .28f) / std::max(.004f, float(mean / p.colour.size()))), grain = chance.maybe(.5f) ? chance(0, .03f) : 0, contrast = chance(.85f, 1.25f);
  Vec white(gain * chance(.9f, 1.1f), gain, gain * chance(.9f, 1.1f));
  float top = *std::max_element(p.disparity.begin(), p.disparity.end());
  for (size_t i = 0; i < p.colour.size(); i++) {
    Vec v = p.colour[i] * white;
    for (int k = 0; k < 3; k++) {
      float c = std::pow(1 - std::exp(-1.35f * std::max(0.f, v[k])), .4545f);
      c = .5f + (c - .5f) * contrast + grain * (chance() + chance() + chance() - 1.5f);
      rgb[i * 3 + k] = uint8_t(clamp(c) * 255);
    }
    code[i] = uint16_t(std::min(65535.f, p.disparity[i] / top * 65535));
  }
}

int main(int count, char **words) {
  if (count != 6 && count != 8) {
    std::fprintf(stderr, "usage: render SEED COUNT WIDTH HEIGHT SHARE_OF_ROOMS [PHOTOS.rgb PHOTO_COUNT]\n");
    return 2;
  }
  uint64_t seed = std::strtoull(words[1], nullptr, 10);
  int pictures = std::atoi(words[2]), width = std::atoi(words[3]), height = std::atoi(words[4]);
  float rooms = std::strtof(words[5], nullptr);
  if (count == 8) {
    photoCount = std::atoi(words[7]);
    photoPixels.resize(size_t(photoCount) * PHOTO_SIDE * PHOTO_SIDE * 3);
    FILE *file = std::fopen(words[6], "rb");
    if (!file || std::fread(photoPixels.data(), 1, photoPixels.size(), file) != photoPixels.size()) {
      std::fprintf(stderr, "render: %s does not hold %d photos of 256 x 256; write it with scenes.py\n", words[6], photoCount);
      return 1;
    }
    std::fclose(file);
  }
  Picture p{width, height, std::vector<Vec>(size_t(width) * height), std::vector<float>(size_t(width) * height)};
  std::vector<uint8_t> rgb(p.colour.size() * 3);
  std::vector<uint16_t> code(p.colour.size());
  for (int made = 0, tries = 0; made < pictures; tries++) {
    chance.seed(seed * 1000003 + tries);
    build(rooms);
    plantAll();
    if (!draw(p)) continue;
    if (chance.maybe(.22f)) focus(p);
    expose(p, rgb, code);
    std::fwrite(rgb.data(), 1, rgb.size(), stdout);
    std::fwrite(code.data(), 2, code.size(), stdout);
    made++;
  }
}
