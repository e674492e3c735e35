#version 300 es
// Colours a layer's triangles, one pass of them.
//
// In   at   position in layer pixels, y down, pixel centres at +0.5
//      own  low and high: layer pixels between these disparities are the triangle's surface
// Out  colour, sRGB, premultiplied by its coverage
//
// SOFT    the triangles touch a silhouette: only pixels of their own surface are shown, and
//         the outline is the contour at one half of their coverage, antialiased.
// BLEND   second pass: what is partly covered. Without it: what is wholly covered.
// DETAIL  the photo at its own resolution takes the layer's place where it is magnified.
precision highp float;
precision highp sampler2D;

in vec2 at;
flat in vec2 own;

// The layer's colours, sRGB, straight alpha = coverage.
uniform sampler2D colours;
#ifdef SOFT
// Disparity of each pixel of the layer.
uniform sampler2D disparities;
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

vec4 colourAt(ivec2 texel) {
  return texelFetch(colours, clamp(texel, ivec2(0), last), 0);
}

#ifdef SOFT
float isOwn(ivec2 texel) {
  float there = texelFetch(disparities, clamp(texel, ivec2(0), last), 0).r;
  return there >= own.x && there <= own.y ? 1.0 : 0.0;
}
#endif

// Catmull-Rom: passes through the pixels, so the photo's own view is the photo.
vec4 cubic(float t) {
  float t2 = t * t;
  float t3 = t2 * t;
  return vec4(-0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1.0, -1.5 * t3 + 2.0 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2);
}

vec3 sharp(vec2 place) {
  vec2 corner = floor(place - 0.5);
  vec2 t = place - 0.5 - corner;
  vec4 wx = cubic(t.x);
  vec4 wy = cubic(t.y);
  ivec2 first = ivec2(corner) - 1;
  vec3 sum = vec3(0.0);
  for (int y = 0; y < 4; y++) {
    vec3 row = vec3(0.0);
    for (int x = 0; x < 4; x++) row += wx[x] * colourAt(first + ivec2(x, y)).rgb;
    sum += wy[y] * row;
  }
  return clamp(sum, 0.0, 1.0);
}

#ifdef SOFT
// Mean colour of the own pixels among the four around a place, weighted by nearness and
// coverage; w = their weight, 0..1. `least` keeps far own pixels in when no near one is there.
vec4 ownColour(vec2 place, float least) {
  vec2 corner = floor(place - 0.5);
  vec2 t = place - 0.5 - corner;
  ivec2 first = ivec2(corner);
  vec4 sum = vec4(0.0);
  for (int y = 0; y < 2; y++) {
    for (int x = 0; x < 2; x++) {
      ivec2 texel = first + ivec2(x, y);
      vec4 colour = colourAt(texel);
      float weight = max(least, (x == 0 ? 1.0 - t.x : t.x) * (y == 0 ? 1.0 - t.y : t.y)) * colour.a * isOwn(texel);
      sum += vec4(colour.rgb * weight, weight);
    }
  }
  return sum.w > 0.0 ? vec4(sum.rgb / sum.w, sum.w) : vec4(0.0);
}

// Coverage by the own surface (x) and its gradient in layer pixels (yz).
vec3 outline(vec2 place) {
  vec2 corner = floor(place - 0.5);
  vec2 t = place - 0.5 - corner;
  ivec2 first = ivec2(corner);
  vec4 c = vec4(
    isOwn(first) * colourAt(first).a,
    isOwn(first + ivec2(1, 0)) * colourAt(first + ivec2(1, 0)).a,
    isOwn(first + ivec2(0, 1)) * colourAt(first + ivec2(0, 1)).a,
    isOwn(first + ivec2(1, 1)) * colourAt(first + ivec2(1, 1)).a
  );
  vec2 rows = mix(c.xz, c.yw, t.x);
  return vec3(mix(rows.x, rows.y, t.y), mix(c.y - c.x, c.w - c.z, t.y), rows.y - rows.x);
}

// A smooth bump over the same four pixels, to see how far the next outline is.
vec4 bump(float t) {
  float s = 1.0 - t;
  return vec4(s * s * s, 4.0 - 6.0 * t * t + 3.0 * t * t * t, 4.0 - 6.0 * s * s + 3.0 * s * s * s, t * t * t) / 6.0;
}

// 1 where the sixteen pixels around a place are all the own surface's, falling off smoothly.
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

void main() {
  last = textureSize(colours, 0) - 1;
  vec2 dx = dFdx(at);
  vec2 dy = dFdy(at);

  // Colour is taken at the centre of the picture's pixel as long as that pixel is no larger
  // than the layer's: the photo's pixels are means over their area already, and taking
  // their mean once more would blur. A larger one's samples spread out again.
  vec2 footprint = samples * vec2(length(dx), length(dy));
  vec2 spread = sqrt(max(vec2(0.0), 1.0 - 1.0 / (footprint * footprint)));
  vec2 centre = (floor(gl_FragCoord.xy / samples) + 0.5) * samples;
  vec2 shift = (centre - gl_FragCoord.xy) * (1.0 - spread);
  vec2 place = at + shift.x * dx + shift.y * dy;

  float alpha = 1.0;
  float whole = 1.0;
#ifdef SOFT
  vec3 edge = outline(at);
  float slope = length(vec2(dot(edge.yz, dx), dot(edge.yz, dy)));
  alpha = clamp((edge.x - 0.5) / max(slope, 1e-4) + 0.5, 0.0, 1.0);
  // What the first pass takes and what the second takes are the same picture cut in two.
#ifdef BLEND
  if (alpha <= 0.002 || alpha >= 0.998) discard;
#else
  if (alpha < 0.998) discard;
#endif
  whole = wholeness(place);
#endif

  vec3 colour = vec3(0.0);
  if (whole > 0.0) {
    colour = sharp(place);
#ifdef DETAIL
    vec2 inside = min(place - photo.xy, photo.xy + photo.zw - place);
    float magnified = 1.0 - smoothstep(0.7, 0.9, max(footprint.x, footprint.y));
    float use = magnified * smoothstep(0.0, 2.0, min(inside.x, inside.y));
    if (use > 0.0) {
      vec3 fine = textureGrad(detail, (place - photo.xy) / photo.zw, dx * samples / photo.zw, dy * samples / photo.zw).rgb;
      colour = mix(colour, fine, use);
    }
#endif
  }
#ifdef SOFT
  if (whole < 1.0) {
    vec4 near = ownColour(place, 0.02);
    if (near.w == 0.0) near = ownColour(at, 0.0);
    colour = mix(near.rgb, colour, whole);
  }
#endif
  result = vec4(colour * alpha, alpha);
}
