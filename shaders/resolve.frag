#version 300 es
// Brings a supersampled picture to its size: the mean of samples × samples pixels, of sRGB
// values as they are (gamma space), as the photo's own pixels are compared.
//
// In   gl_FragCoord, pixels of the small picture; `flip` turns its rows over
// Out  colour, sRGB, opaque
precision highp float;
precision highp sampler2D;

uniform sampler2D picture;
// Samples along each axis; height of the small picture where its rows are to be turned over, else 0.
uniform vec2 grid;

layout(location = 0) out vec4 result;

void main() {
  int n = int(grid.x);
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  if (grid.y > 0.0) pixel.y = int(grid.y) - 1 - pixel.y;
  vec3 sum = vec3(0.0);
  for (int y = 0; y < n; y++) {
    for (int x = 0; x < n; x++) sum += texelFetch(picture, pixel * n + ivec2(x, y), 0).rgb;
  }
  result = vec4(sum / float(n * n), 1.0);
}
