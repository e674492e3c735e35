#version 300 es
// Lowest and highest disparity in the five pixels around each pixel along one axis; run along
// x and then along y it says for 5×5. Made once a layer, so that drawing needs one look
// instead of sixteen to know that no outline is near.
//
// In   gl_FragCoord, pixels of the layer
// Out  lowest (r) and highest (g) as bytes 1..254 of the layer's span, rounded outward;
//      0 and 255 where a pixel is missing or partly covered, which leaves it open
//
// FIRST  along x from the layer itself; without it along y from the first run's picture.
precision highp float;
precision highp sampler2D;

#ifdef FIRST
uniform sampler2D colours;
uniform sampler2D disparities;
// Lowest disparity of the layer, and highest less lowest.
uniform vec2 span;
#else
uniform sampler2D picture;
#endif

layout(location = 0) out vec4 result;

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  vec2 found = vec2(1.0, 0.0);
#ifdef FIRST
  ivec2 last = textureSize(disparities, 0) - 1;
  for (int i = -2; i <= 2; i++) {
    ivec2 texel = clamp(pixel + ivec2(i, 0), ivec2(0), last);
    float place = (texelFetch(disparities, texel, 0).r - span.x) / span.y;
    bool isOpen = place < 0.0 || texelFetch(colours, texel, 0).a < 1.0;
    vec2 bytes = isOpen ? vec2(0.0, 255.0) : vec2(floor(place * 253.0), ceil(place * 253.0)) + vec2(1.0, 1.0);
    found = vec2(min(found.x, bytes.x / 255.0), max(found.y, bytes.y / 255.0));
  }
#else
  ivec2 last = textureSize(picture, 0) - 1;
  for (int i = -2; i <= 2; i++) {
    vec2 there = texelFetch(picture, clamp(pixel + ivec2(0, i), ivec2(0), last), 0).rg;
    found = vec2(min(found.x, there.x), max(found.y, there.y));
  }
#endif
  result = vec4(found, 0.0, 1.0);
}
