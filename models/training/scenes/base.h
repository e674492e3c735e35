// Vectors, turns, chance and noise.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

struct Vec {
  float x = 0, y = 0, z = 0;
  Vec() = default;
  Vec(float x, float y, float z) : x(x), y(y), z(z) {}
  explicit Vec(float grey) : x(grey), y(grey), z(grey) {}
  Vec operator+(const Vec &b) const { return {x + b.x, y + b.y, z + b.z}; }
  Vec operator-(const Vec &b) const { return {x - b.x, y - b.y, z - b.z}; }
  Vec operator*(float k) const { return {x * k, y * k, z * k}; }
  Vec operator*(const Vec &b) const { return {x * b.x, y * b.y, z * b.z}; }
  float operator[](int i) const { return i == 0 ? x : i == 1 ? y : z; }
};
inline float dot(const Vec &a, const Vec &b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec cross(const Vec &a, const Vec &b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
inline float length(const Vec &a) { return std::sqrt(dot(a, a)); }
inline Vec unit(const Vec &a) { return a * (1 / std::max(1e-9f, length(a))); }
inline float clamp(float v, float low = 0, float high = 1) { return std::min(high, std::max(low, v)); }
inline Vec mix(const Vec &a, const Vec &b, float t) { return a * (1 - t) + b * t; }

// The local axes of a thing, in the axes of what holds it.
struct Turn {
  Vec a{1, 0, 0}, b{0, 1, 0}, c{0, 0, 1};
  Vec out(const Vec &v) const { return a * v.x + b * v.y + c * v.z; }
  Vec in(const Vec &v) const { return {dot(a, v), dot(b, v), dot(c, v)}; }
  Turn then(const Turn &inner) const { return {out(inner.a), out(inner.b), out(inner.c)}; }
};
inline Turn turnX(float t) { return {{1, 0, 0}, {0, std::cos(t), std::sin(t)}, {0, -std::sin(t), std::cos(t)}}; }
inline Turn turnY(float t) { return {{std::cos(t), 0, -std::sin(t)}, {0, 1, 0}, {std::sin(t), 0, std::cos(t)}}; }
inline Turn turnZ(float t) { return {{std::cos(t), std::sin(t), 0}, {-std::sin(t), std::cos(t), 0}, {0, 0, 1}}; }
// Its b axis along a direction.
inline Turn along(const Vec &direction) {
  Vec b = unit(direction), a = unit(cross(std::fabs(b.y) < .9f ? Vec(0, 1, 0) : Vec(1, 0, 0), b));
  return {a, b, cross(a, b)};
}

// xorshift64*: the same numbers on every machine.
struct Chance {
  uint64_t state = 1;
  void seed(uint64_t n) {
    state = n * 0x9E3779B97F4A7C15ull + 0x1234567;
    for (int i = 0; i < 8; i++) next();
  }
  uint32_t next() {
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return uint32_t((state * 0x2545F4914F6CDD1Dull) >> 32);
  }
  float operator()() { return next() * (1 / 4294967296.f); }
  float operator()(float low, float high) { return low + (high - low) * (*this)(); }
  float log(float low, float high) { return low * std::pow(high / low, (*this)()); }
  int below(int n) { return int(uint64_t(next()) * n >> 32); }
  bool maybe(float p) { return (*this)() < p; }
  float sign() { return next() & 1 ? 1.f : -1.f; }
};
inline Chance chance;

inline float hashed(int x, int y, int z) {
  uint32_t h = x * 374761393u + y * 668265263u + z * 2147483647u;
  h = (h ^ (h >> 13)) * 1274126177u;
  return (h ^ (h >> 16)) * (1 / 4294967296.f);
}
inline float noise(float x, float y, float z) {
  int X = int(std::floor(x)), Y = int(std::floor(y)), Z = int(std::floor(z));
  float u = x - X, v = y - Y, w = z - Z;
  u *= u * (3 - 2 * u), v *= v * (3 - 2 * v), w *= w * (3 - 2 * w);
  auto row = [&](int y, int z) { return hashed(X, y, z) * (1 - u) + hashed(X + 1, y, z) * u; };
  auto sheet = [&](int z) { return row(Y, z) * (1 - v) + row(Y + 1, z) * v; };
  return sheet(Z) * (1 - w) + sheet(Z + 1) * w;
}
inline float clouds(float x, float y, float z, int octaves) {
  float sum = 0, part = .5f;
  for (int i = 0; i < octaves; i++, part *= .5f, x *= 2.03f, y *= 2.03f, z *= 2.03f) sum += part * noise(x, y, z);
  return sum / (1 - part * 2 + 1e-6f);
}
inline Vec hsv(float h, float s, float v) {
  auto f = [&](float n) {
    float k = std::fmod(n + h * 6, 6.f);
    return v - v * s * clamp(std::min(k, 4 - k));
  };
  return {f(5), f(3), f(1)};
}
