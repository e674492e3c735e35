#version 300 es
// What shows through where no layer has anything: the photo, very blurred, continued by its border.
//
// In   at      position in layer pixels of layer 0, y down
// Out  colour, sRGB, opaque
precision highp float;

in vec2 at;

// The blurred photo; margin, margin, width, height of the photo in layer pixels.
uniform sampler2D blurred;
uniform vec4 photo;

layout(location = 0) out vec4 result;

void main() {
  result = vec4(texture(blurred, (at - photo.xy) / photo.zw).rgb, 1.0);
}
