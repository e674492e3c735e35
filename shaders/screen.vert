#version 300 es
// One triangle over the whole picture.
//
// In   corner  (0,0), (2,0), (0,2)
// Out  gl_Position
precision highp float;

in vec2 corner;

void main() {
  gl_Position = vec4(corner.x * 2.0 - 1.0, corner.y * 2.0 - 1.0, 0.0, 1.0);
}
