#version 300 es
// Colours a layer's triangles, one pass of them.
//
// In   at   position in layer pixels, y down, pixel centres at +0.5
//      own  low and high: layer pixels between these disparities are the triangle's surface
// Out  colour, sRGB, premultiplied by its coverage
//
// SOFT    the triangles touch a silhouette: only pixels of their own surface are shown, and
//         the outline is the contour at 0.4 of their coverage, antialiased.
// BLEND   second pass: what is partly covered. Without it: what is wholly covered.
// DETAIL  the photo at its own resolution takes the layer's place where it is magnified.
precision highp float;
precision highp sampler2D;

in vec2 at;
flat in vec2 own;

// The layer's colours, sRGB, straight alpha = coverage.
uniform sampler2D colours;
#ifdef SOFT
// Disparity of each pixel of the layer; and of the 5×5 around it, as around.frag writes it.
uniform sampler2D disparities;
uniform sampler2D around;
// Lowest disparity of the layer, and highest less lowest.
uniform vec2 span;
#endif
// Samples a pixel of the picture along each axis, at least 1.
uniform float samples;
#ifdef DETAIL
// The photo, wrapped by `photo`: margin, margin, width, height in layer pixels.
uniform sampler2D detail;
uniform vec4 photo;
#endif

layout(location = 0) out vec4 result;

ivec2 last;

// Catmull-Rom over 4×4 pixels, in five bilinear looks (the corners weigh next to nothing). It
// passes through the pixels, so the photo's own view is the photo.
vec3 sharp(vec2 place) {
  vec2 size = vec2(last + 1);
  vec2 middle = floor(place - 0.5) + 0.5;
  vec2 t = place - middle;
  vec2 before = t * (-0.5 + t * (1.0 - 0.5 * t));
  vec2 near = 1.0 + t * t * (1.5 * t - 2.5);
  vec2 far = t * (0.5 + t * (2.0 - 1.5 * t));
  vec2 after = t * t * (0.5 * t - 0.5);
  vec2 both = near + far;
  vec2 p0 = (middle - 1.0) / size;
  vec2 p1 = (middle + far / both) / size;
  vec2 p2 = (middle + 2.0) / size;
  vec4 sum = vec4(textureLod(colours, p1, 0.0).rgb, 1.0) * both.x * both.y;
  sum += vec4(textureLod(colours, vec2(p0.x, p1.y), 0.0).rgb, 1.0) * before.x * both.y;
  sum += vec4(textureLod(colours, vec2(p2.x, p1.y), 0.0).rgb, 1.0) * after.x * both.y;
  sum += vec4(textureLod(colours, vec2(p1.x, p0.y), 0.0).rgb, 1.0) * both.x * before.y;
  sum += vec4(textureLod(colours, vec2(p1.x, p2.y), 0.0).rgb, 1.0) * both.x * after.y;
  return clamp(sum.rgb / sum.a, 0.0, 1.0);
}

#ifdef SOFT
// Coverage at which the outline runs.
const float CONTOUR = 0.4;
const int INSIDE = 1;
const int OUTSIDE = -1;
const int OPEN = 0;

// Whether all of the 5×5 around a place is the own surface's (INSIDE), nothing of it (OUTSIDE), or one has to look (OPEN).
int side(vec2 place) {
  vec2 bytes = texelFetch(around, clamp(ivec2(place), ivec2(0), last), 0).rg * 255.0;
  if (bytes.x < 0.5 || bytes.y > 254.5) return OPEN;
  vec2 range = (bytes - 1.0) / 253.0 * span.y + span.x;
  if (range.x >= own.x && range.y <= own.y) return INSIDE;
  return range.y < own.x || range.x > own.y ? OUTSIDE : OPEN;
}

float isOwn(ivec2 texel) {
  float there = texelFetch(disparities, clamp(texel, ivec2(0), last), 0).r;
  return there >= own.x && there <= own.y ? 1.0 : 0.0;
}

// A pixel's colour times whether it is own, with its coverage by the own surface for alpha.
vec4 ownAt(ivec2 texel) {
  return isOwn(texel) * texelFetch(colours, clamp(texel, ivec2(0), last), 0);
}

// The four pixels around a place.
struct Quad {
  vec4 a;
  vec4 b;
  vec4 c;
  vec4 d;
};

Quad quadAt(ivec2 first) {
  return Quad(ownAt(first), ownAt(first + ivec2(1, 0)), ownAt(first + ivec2(0, 1)), ownAt(first + ivec2(1, 1)));
}

// Mean colour of the own pixels among the four, weighted by nearness and coverage; a = their weight, 0..1.
// `least` keeps far ones in when none is near.
vec4 ownColour(Quad quad, vec2 t, float least) {
  vec2 s = 1.0 - t;
  vec4 weight = max(vec4(least), vec4(s.x * s.y, t.x * s.y, s.x * t.y, t.x * t.y)) * vec4(quad.a.a, quad.b.a, quad.c.a, quad.d.a);
  float sum = weight.x + weight.y + weight.z + weight.w;
  vec3 colour = weight.x * quad.a.rgb + weight.y * quad.b.rgb + weight.z * quad.c.rgb + weight.w * quad.d.rgb;
  return vec4(colour / max(sum, 1e-6), sum);
}

// Coverage by the own surface (x), 0..1, and its gradient in layer pixels (yz), bilinear; mean colour of the own pixels in `mean`.
vec3 outline(vec2 place, out vec3 mean) {
  vec2 corner = floor(place - 0.5);
  vec2 t = place - 0.5 - corner;
  Quad quad = quadAt(ivec2(corner));
  mean = ownColour(quad, t, 0.0).rgb;
  vec2 rows = mix(vec2(quad.a.a, quad.c.a), vec2(quad.b.a, quad.d.a), t.x);
  return vec3(mix(rows.x, rows.y, t.y), mix(quad.b.a - quad.a.a, quad.d.a - quad.c.a, t.y), rows.y - rows.x);
}

// The same over 3×3 pixels, a quadratic B-spline, for pictures larger than the layer: along a straight
// edge it runs as bilinear does, but it rounds the stairs of a slanted one.
vec3 roundOutline(vec2 place, out vec3 mean) {
  vec2 middle = floor(place);
  vec2 u = place - middle - 0.5;
  vec3 wx = vec3(0.5 * (0.5 - u.x) * (0.5 - u.x), 0.75 - u.x * u.x, 0.5 * (0.5 + u.x) * (0.5 + u.x));
  vec3 wy = vec3(0.5 * (0.5 - u.y) * (0.5 - u.y), 0.75 - u.y * u.y, 0.5 * (0.5 + u.y) * (0.5 + u.y));
  vec3 dx = vec3(u.x - 0.5, -2.0 * u.x, u.x + 0.5);
  vec3 dy = vec3(u.y - 0.5, -2.0 * u.y, u.y + 0.5);
  ivec2 first = ivec2(middle) - 1;
  vec3 sum = vec3(0.0);
  vec4 colour = vec4(0.0);
  vec4 there;
  // Nine times the same, written out: a program in the graphics card's place takes twice as long over a loop.
#define ADD(X, Y, column, row) \
  there = ownAt(first + ivec2(column, row)); \
  sum += there.a * vec3(wx.X * wy.Y, dx.X * wy.Y, wx.X * dy.Y); \
  colour += vec4(there.rgb, 1.0) * there.a * wx.X * wy.Y;
  ADD(x, x, 0, 0)
  ADD(y, x, 1, 0)
  ADD(z, x, 2, 0)
  ADD(x, y, 0, 1)
  ADD(y, y, 1, 1)
  ADD(z, y, 2, 1)
  ADD(x, z, 0, 2)
  ADD(y, z, 1, 2)
  ADD(z, z, 2, 2)
  mean = colour.rgb / max(colour.a, 1e-6);
  return sum;
}
#endif

#ifdef DETAIL
// How much of the detail photo is used: where it is magnified, and not at the photo's border.
float detailShare(vec2 place, vec2 footprint) {
  vec2 inside = min(place - photo.xy, photo.xy + photo.zw - place);
  return (1.0 - smoothstep(0.7, 0.9, max(footprint.x, footprint.y))) * smoothstep(0.0, 2.0, min(inside.x, inside.y));
}

#ifdef SOFT
// A smooth bump over four pixels.
vec4 bump(float t) {
  float s = 1.0 - t;
  return vec4(s * s * s, 4.0 - 6.0 * t * t + 3.0 * t * t * t, 4.0 - 6.0 * s * s + 3.0 * s * s * s, t * t * t) / 6.0;
}

// 1 where the sixteen pixels around a place are all the own surface's, falling off smoothly, so that no seam shows.
float wholeness(vec2 place) {
  vec2 corner = floor(place - 0.5);
  vec2 t = place - 0.5 - corner;
  vec4 wx = bump(t.x);
  vec4 wy = bump(t.y);
  ivec2 first = ivec2(corner) - 1;
  float sum = 0.0;
  for (int y = 0; y < 4; y++) {
    float row = 0.0;
    for (int x = 0; x < 4; x++) row += wx[x] * isOwn(first + ivec2(x, y));
    sum += wy[y] * row;
  }
  return smoothstep(0.9, 0.999, sum);
}
#endif
#endif

void main() {
  last = textureSize(colours, 0) - 1;
  vec2 dx = dFdx(at);
  vec2 dy = dFdy(at);
  vec2 footprint = samples * vec2(length(dx), length(dy));

  float alpha = 1.0;
#ifdef SOFT
  int here = side(at);
  bool isWhole = here == INSIDE;
  vec3 mean = vec3(0.0);
  if (here == OUTSIDE) alpha = 0.0;
  if (here == OPEN) {
    vec3 edge;
    if (max(footprint.x, footprint.y) < 0.9) edge = roundOutline(at, mean);
    else edge = outline(at, mean);
    float slope = length(vec2(dot(edge.yz, dx), dot(edge.yz, dy)));
    alpha = clamp((edge.x - CONTOUR) / max(slope, 1e-4) + 0.5, 0.0, 1.0);
  }
  // What the first pass takes and what the second takes are the same picture cut in two.
#ifdef BLEND
  bool isTaken = alpha > 0.002 && alpha < 0.998;
#else
  bool isTaken = alpha >= 0.998;
#endif
#else
  const bool isTaken = true;
  bool isWhole = true;
#endif

  // Not only `discard`: where a program stands in for the graphics card, that alone saves nothing of what follows.
  if (!isTaken) {
    discard;
  } else {
    // Colour is taken at the centre of the picture's pixel as long as that pixel is no larger
    // than the layer's: the photo's pixels are means over their area already, and taking
    // their mean once more would blur. A larger one's samples spread out again.
    vec2 place = at;
    if (samples > 1.0) {
      vec2 spread = sqrt(max(vec2(0.0), 1.0 - 1.0 / (footprint * footprint)));
      vec2 centre = (floor(gl_FragCoord.xy / samples) + 0.5) * samples;
      vec2 shift = (centre - gl_FragCoord.xy) * (1.0 - spread);
      place += shift.x * dx + shift.y * dy;
    }

    vec3 colour;
#ifdef SOFT
    if (isWhole && samples > 1.0) isWhole = side(place) == INSIDE;
    if (!isWhole) {
      vec2 corner = floor(place - 0.5);
      vec4 near = ownColour(quadAt(ivec2(corner)), place - 0.5 - corner, 0.02);
      colour = near.a > 0.0 ? near.rgb : mean;
    }
#endif
    if (isWhole) colour = sharp(place);
#ifdef DETAIL
    float share = detailShare(place, footprint);
#ifdef SOFT
    if (!isWhole && share > 0.0) share *= wholeness(place);
#endif
    if (share > 0.0) {
      vec3 fine = textureGrad(detail, (place - photo.xy) / photo.zw, dx * samples / photo.zw, dy * samples / photo.zw).rgb;
      colour = mix(colour, fine, share);
    }
#endif
    result = vec4(colour * alpha, alpha);
  }
}
