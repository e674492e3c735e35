#version 300 es
// Places a layer's triangles before a camera.
//
// In   pixel      position in layer pixels, y down, pixel centres at +0.5
//      disparity  relative disparity, 1 = nearest
//      range      low and high: layer pixels between these disparities are the triangle's surface
// Out  at, own   pixel and range as they come
//      gl_Position, homogeneous in inverse depth: the world point of a pixel is
//      (x, y, -1, q) with q = 1/z, never divided, so that planes stay planes, texture
//      coordinates stay linear in the photo's image plane and q may be 0 (the sky).
precision highp float;

in vec2 pixel;
in float disparity;
in vec2 range;

// Clip space from homogeneous photo space (x right, y up, z towards the viewer).
uniform mat4 toClip;
// Lens: fx, fy, cx, cy in units of the photo's longer side.
uniform vec4 lens;
// Margin of the layer in pixels; longer side of the photo in pixels.
uniform vec2 frame;
// 1/z = disparity * inverse.x + inverse.y, in 1/scene units.
uniform vec2 inverse;
// Moves the layer back by this much of normalised depth, so that of two equal surfaces the first layer's wins.
uniform float pushBack;

// Both passes over soft triangles must meet the same depth to the bit.
invariant gl_Position;
out vec2 at;
flat out vec2 own;

void main() {
  vec2 image = (pixel - frame.x) / frame.y;
  vec2 ray = (image - lens.zw) / lens.xy;
  gl_Position = toClip * vec4(ray.x, -ray.y, -1.0, disparity * inverse.x + inverse.y);
  gl_Position.z += pushBack * gl_Position.w;
  at = pixel;
  own = range;
}
