// The shapes that scenes are built of, and what a ray meets first.
#pragma once
#include "surface.h"

enum Kind { BOX, BALL, TUBE, CARD, RIDGE, LAND };
enum Outline { WHOLE, LEAF, DISC, RAGGED, LATTICE };

struct Shape {
  Kind kind;
  Turn turn;
  Vec centre, half;  // half sizes along its own axes
  int material = 0;
  float taper = 1;   // TUBE: radius at the top over that at the bottom; RIDGE: seed
  Outline outline = WHOLE;
  Vec low, high;     // its bounds
};

struct Hit {
  float t = 1e30f;
  Vec normal;
  const Shape *shape = nullptr;
};

struct Light {
  Vec at, colour;
};

struct Scene {
  std::vector<Shape> shapes;
  std::vector<Material> materials;
  std::vector<Light> lights;
  Vec sun, sunLight, sky, horizon, ambient{.3f, .3f, .3f}, fogColour;
  float fog = 0, cloudiness = 0;
  bool open = true;           // the sky is seen where nothing is
  std::vector<float> heights;  // LAND: metres, landSide x landSide over +-landReach
  float landReach = 0;
  int landMaterial = 0;
};
inline Scene scene;
constexpr int landSide = 129;

inline int add(const Material &m) {
  scene.materials.push_back(m);
  return int(scene.materials.size()) - 1;
}

inline Shape &add(Kind kind, const Vec &centre, const Turn &turn, const Vec &half, int material) {
  Shape s{kind, turn, centre, half, material};
  Vec reach(std::fabs(turn.a.x) * half.x + std::fabs(turn.b.x) * half.y + std::fabs(turn.c.x) * half.z,
            std::fabs(turn.a.y) * half.x + std::fabs(turn.b.y) * half.y + std::fabs(turn.c.y) * half.z,
            std::fabs(turn.a.z) * half.x + std::fabs(turn.b.z) * half.y + std::fabs(turn.c.z) * half.z);
  reach = reach + Vec(1e-4f);
  s.low = centre - reach, s.high = centre + reach;
  scene.shapes.push_back(s);
  return scene.shapes.back();
}

// A rod between two points.
inline void rod(const Vec &from, const Vec &to, float radius, int material, float taper = 1) {
  Shape &s = add(TUBE, (from + to) * .5f, along(to - from), Vec(radius, length(to - from) * .5f, radius), material);
  s.taper = taper;
}

inline float landHeight(float x, float z) {
  float u = clamp((x / scene.landReach * .5f + .5f) * (landSide - 1), 0, landSide - 1.001f), v = clamp((z / scene.landReach * .5f + .5f) * (landSide - 1), 0, landSide - 1.001f);
  int i = int(u), j = int(v);
  const float *h = &scene.heights[j * landSide + i];
  u -= i, v -= j;
  return (h[0] * (1 - u) + h[1] * u) * (1 - v) + (h[landSide] * (1 - u) + h[landSide + 1] * u) * v;
}

inline float ridgeHeight(const Shape &s, float x) { return (clouds(x / s.half.y * .7f + s.taper * 100, s.taper, 0, 5) * 2 - .6f) * s.half.y; }

inline bool cut(const Shape &s, float x, float y) {  // x, y: -1..1 over the card
  switch (s.outline) {
    case LEAF: return std::fabs(x) > (1 - y * y) * (.75f - .35f * y);
    case DISC: return x * x + y * y > 1;
    case RAGGED: return clouds(x * 3 + s.centre.x * 7, y * 3 + s.centre.y * 7, s.centre.z, 3) < .42f + .35f * (x * x + y * y);
    case LATTICE: {
      float u = x * s.half.x * s.taper, v = y * s.half.y * s.taper;
      return std::fabs(u - std::round(u)) > .07f && std::fabs(v - std::round(v)) > .07f;
    }
    default: return false;
  }
}

inline bool marchLand(const Vec &from, const Vec &way, Hit &hit) {
  float t = .05f, before = t;
  auto above = [&](float t) { return from.y + way.y * t - landHeight(from.x + way.x * t, from.z + way.z * t); };
  for (int i = 0; i < 220 && t < std::min(hit.t, scene.landReach * 2.8f); i++) {
    float gap = above(t);
    if (gap < 0) {
      float low = before, high = t;
      for (int k = 0; k < 12; k++) (above((low + high) / 2) < 0 ? high : low) = (low + high) / 2;
      if (high >= hit.t) return false;
      float x = from.x + way.x * high, z = from.z + way.z * high, e = .02f + high * .004f;
      hit.t = high;
      hit.normal = unit(Vec(landHeight(x - e, z) - landHeight(x + e, z), 2 * e, landHeight(x, z - e) - landHeight(x, z + e)));
      return true;
    }
    before = t, t += std::max(.02f + t * .006f, gap * .4f);
  }
  return false;
}

inline bool meet(const Shape &s, const Vec &from, const Vec &way, Hit &hit) {
  if (s.kind == LAND) {
    if (!marchLand(from, way, hit)) return false;
    hit.shape = &s;
    return true;
  }
  Vec o = s.turn.in(from - s.centre), d = s.turn.in(way), n;
  float t;
  if (s.kind == BOX) {
    float near = -1e30f, far = 1e30f;
    int face = 0;
    for (int i = 0; i < 3; i++) {
      float inverse = 1 / (std::fabs(d[i]) < 1e-9f ? 1e-9f : d[i]), a = (-s.half[i] - o[i]) * inverse, b = (s.half[i] - o[i]) * inverse;
      if (a > b) std::swap(a, b);
      if (a > near) near = a, face = i;
      far = std::min(far, b);
    }
    if (near > far || near < 1e-4f) return false;
    t = near;
    float side = d[face] > 0 ? -1.f : 1.f;
    n = Vec(face == 0 ? side : 0, face == 1 ? side : 0, face == 2 ? side : 0);
  } else if (s.kind == BALL) {
    Vec inverse(1 / s.half.x, 1 / s.half.y, 1 / s.half.z), p = o * inverse, q = d * inverse;
    float a = dot(q, q), b = dot(p, q), c = dot(p, p) - 1, inside = b * b - a * c;
    if (inside < 0) return false;
    t = (-b - std::sqrt(inside)) / a;
    if (t < 1e-4f) return false;
    n = unit((o + d * t) * inverse * inverse);
  } else if (s.kind == TUBE) {
    // radius at height y: r (1 - k (y + h)), k so that it is tapered at the top; an ellipse where half.x and half.z differ
    float stretch = s.half.x / s.half.z, k = (1 - s.taper) / (2 * s.half.y), r0 = s.half.x, m = -k * r0, r = r0 * (1 - k * s.half.y);
    float oz = o.z * stretch, dz = d.z * stretch;
    float a = d.x * d.x + dz * dz - m * m * d.y * d.y, b = o.x * d.x + oz * dz - m * d.y * (r + m * o.y), c = o.x * o.x + oz * oz - (r + m * o.y) * (r + m * o.y);
    t = 1e30f;
    float inside = b * b - a * c;
    if (inside >= 0 && std::fabs(a) > 1e-12f) {
      float root = (-b - std::sqrt(inside)) / a, y = o.y + d.y * root;
      if (root > 1e-4f && std::fabs(y) <= s.half.y) t = root, n = unit(Vec(o.x + d.x * root, -m * (r + m * y), (oz + dz * root) * stretch));
    }
    for (float side : {-1.f, 1.f}) {
      float cap = (side * s.half.y - o.y) / (std::fabs(d.y) < 1e-9f ? 1e-9f : d.y), x = o.x + d.x * cap, z = oz + dz * cap, edge = r + m * side * s.half.y;
      if (cap > 1e-4f && cap < t && x * x + z * z <= edge * edge) t = cap, n = Vec(0, side, 0);
    }
    if (t > 1e29f) return false;
  } else {
    t = -o.z / (std::fabs(d.z) < 1e-9f ? 1e-9f : d.z);
    float x = o.x + d.x * t, y = o.y + d.y * t;
    if (t < 1e-4f || std::fabs(x) > s.half.x || std::fabs(y) > s.half.y) return false;
    if (s.kind == RIDGE ? y > ridgeHeight(s, x) : cut(s, x / s.half.x, y / s.half.y)) return false;
    n = Vec(0, 0, d.z > 0 ? -1.f : 1.f);
  }
  if (t >= hit.t) return false;
  hit.t = t, hit.normal = s.turn.out(n), hit.shape = &s;
  return true;
}

// A tree of bounds over the shapes; the land is asked apart.
struct Node {
  Vec low, high;
  int first, count, right;
};
inline std::vector<Node> nodes;
inline std::vector<int> order;

inline int plant(int first, int count) {
  int at = int(nodes.size());
  nodes.push_back({Vec(1e30f), Vec(-1e30f), first, count, 0});
  Vec low(1e30f), high(-1e30f);
  for (int i = first; i < first + count; i++) {
    const Shape &s = scene.shapes[order[i]];
    low = Vec(std::min(low.x, s.low.x), std::min(low.y, s.low.y), std::min(low.z, s.low.z));
    high = Vec(std::max(high.x, s.high.x), std::max(high.y, s.high.y), std::max(high.z, s.high.z));
  }
  nodes[at].low = low, nodes[at].high = high;
  if (count <= 3) return at;
  Vec size = high - low;
  int axis = size.x > size.y ? (size.x > size.z ? 0 : 2) : (size.y > size.z ? 1 : 2);
  auto middle = [&](int i) { return scene.shapes[i].low[axis] + scene.shapes[i].high[axis]; };
  std::nth_element(order.begin() + first, order.begin() + first + count / 2, order.begin() + first + count, [&](int a, int b) { return middle(a) < middle(b); });
  plant(first, count / 2);
  int right = plant(first + count / 2, count - count / 2);
  nodes[at].count = 0, nodes[at].right = right;
  return at;
}

inline void plantAll() {
  nodes.clear(), order.clear();
  for (size_t i = 0; i < scene.shapes.size(); i++)
    if (scene.shapes[i].kind != LAND) order.push_back(int(i));
  if (!order.empty()) plant(0, int(order.size()));
}

inline Hit trace(const Vec &from, const Vec &way, float farthest = 1e30f, bool any = false) {
  Hit hit;
  hit.t = farthest;
  Vec inverse(1 / (way.x == 0 ? 1e-12f : way.x), 1 / (way.y == 0 ? 1e-12f : way.y), 1 / (way.z == 0 ? 1e-12f : way.z));
  int stack[64], top = 0;
  if (!nodes.empty()) stack[top++] = 0;
  while (top) {
    const Node &node = nodes[stack[--top]];
    Vec a = (node.low - from) * inverse, b = (node.high - from) * inverse;
    float enter = std::max(std::max(std::min(a.x, b.x), std::min(a.y, b.y)), std::min(a.z, b.z)), leave = std::min(std::min(std::max(a.x, b.x), std::max(a.y, b.y)), std::max(a.z, b.z));
    if (leave < std::max(0.f, enter) || enter > hit.t) continue;
    if (node.count) {
      for (int i = node.first; i < node.first + node.count; i++)
        if (meet(scene.shapes[order[i]], from, way, hit) && any) return hit;
    } else {
      int left = int(&node - &nodes[0]) + 1;
      stack[top++] = node.right, stack[top++] = left;
    }
  }
  for (const Shape &s : scene.shapes)
    if (s.kind == LAND) meet(s, from, way, hit);
  return hit;
}
