// Places: where things stand, what light there is and from where it is seen.
#pragma once
#include "things.h"

struct Camera {
  Vec at, forward, right, up;
  float tangent = .6f;  // of half the angle over the longer side
};
inline Camera camera;

inline void look(const Vec &at, float yaw, float pitch, float roll, float angle) {
  Vec f(std::sin(yaw) * std::cos(pitch), std::sin(pitch), std::cos(yaw) * std::cos(pitch)), r = unit(cross(Vec(0, 1, 0), f)), u = cross(f, r);
  camera = {at, f, r * std::cos(roll) + u * std::sin(roll), u * std::cos(roll) - r * std::sin(roll), std::tan(angle / 2)};
}
// Most photos are about level; a fifth are not.
inline float anyRoll() { return chance.maybe(.2f) ? chance(-.35f, .35f) : chance(-.04f, .04f); }
inline float anyAngle() { return chance.maybe(.15f) ? chance(.35f, .7f) : chance(.75f, 1.3f); }

inline void daylight() {
  float high = chance(.1f, 1.3f), round = chance(0, 6.28f), low = clamp(1 - high);
  bool overcast = chance.maybe(.35f);
  scene.open = true;
  scene.sun = Vec(std::cos(high) * std::sin(round), std::sin(high), std::cos(high) * std::cos(round));
  scene.sunLight = mix(Vec(1, .97f, .9f), Vec(1.1f, .65f, .35f), low * low) * (overcast ? .12f : chance(.8f, 1.5f));
  scene.ambient = mix(Vec(.38f, .45f, .58f), Vec(.5f, .45f, .45f), low) * (overcast ? 1.4f : chance(.5f, 1));
  scene.horizon = overcast ? Vec(chance(.6f, .95f)) : mix(Vec(.7f, .82f, .95f), Vec(.98f, .7f, .45f), low * chance(.3f, 1));
  scene.sky = overcast ? scene.horizon * chance(.7f, 1) : mix(Vec(.15f, .38f, .78f), Vec(.35f, .4f, .6f), low);
  scene.cloudiness = overcast ? chance(0, .4f) : chance();
  if (chance.maybe(.08f)) {  // night: little light, lamps
    scene.sky = Vec(.01f, .012f, .03f), scene.horizon = Vec(.05f, .05f, .09f), scene.sunLight = Vec(.03f), scene.ambient = Vec(.05f, .055f, .09f);
    for (int i = 0; i < 5; i++) scene.lights.push_back({Vec(chance(-8, 8), chance(2.5f, 5), chance(2, 30)), mix(Vec(1, .7f, .35f), Vec(1), chance()) * chance(2, 8)});
  }
  scene.fogColour = mix(scene.horizon, Vec(.75f, .8f, .85f), .3f);
  scene.fog = chance.maybe(.3f) ? chance.log(.004f, .06f) : chance.log(.00005f, .003f);
}

// Four walls, floor and ceiling of boxes; a wall may have an opening, through which one sees out or nothing.
inline void wall(const Vec &middle, const Turn &turn, float half, float high, int material, bool opening) {
  auto part = [&](float x0, float x1, float y0, float y1) {
    if (x1 > x0 && y1 > y0) add(BOX, middle + turn.out(Vec((x0 + x1) / 2, (y0 + y1) / 2, 0)), turn, Vec((x1 - x0) / 2, (y1 - y0) / 2, .06f), material);
  };
  if (!opening) return part(-half, half, 0, high);
  float w = chance(.4f, .9f), x = chance(-half + w, half - w), bottom = chance.maybe(.4f) ? 0 : chance(.7f, 1.1f), top = std::min(high - .1f, chance(1.9f, 2.3f));
  part(-half, x - w, 0, high), part(x + w, half, 0, high), part(x - w, x + w, 0, bottom), part(x - w, x + w, top, high);
  int frame = add(plain(chance.maybe(.6f) ? Vec(.8f) : anyColour()));
  for (float s : {-1.f, 0.f, 1.f})
    if (s != 0 || bottom > 0) add(BOX, middle + turn.out(Vec(x + s * w, (bottom + top) / 2, 0)), turn, Vec(.03f, (top - bottom) / 2, .08f), frame);
}

inline Vec roomHalf;
inline void room() {
  scene.open = true;
  daylight();
  scene.fog = 0;
  float w = chance(1.3f, 4), d = chance(1.8f, 6), h = chance(2.3f, 3.2f);
  if (chance.maybe(.15f)) w = chance(.7f, 1.2f), d = chance(4, 14);        // a corridor
  if (chance.maybe(.12f)) w *= 3, d *= 3, h *= chance(1.5f, 3);             // a hall
  roomHalf = Vec(w, h, d);
  int walls = add(chance.maybe(.6f) ? patterned(MARBLE, wallColour(), wallColour(), chance(.3f, 2)) : anyMaterial(.5f)), back = chance.maybe(.3f) ? add(anyMaterial(.5f)) : walls, ceiling = add(chance.maybe(.6f) ? plain(Vec(chance(.6f, .95f))) : patterned(chance.maybe(.5f) ? PLANKS : TILES, wallColour(), wallColour() * .7f, chance(.3f, .8f)));
  static const Pattern floors[] = {PLANKS, PLANKS, TILES, CHECKER, MARBLE, GRAIN};
  Material ground = patterned(floors[chance.below(6)], wallColour() * chance(.3f, 1), wallColour() * chance(.2f, .8f), chance(.2f, .9f));
  ground.gloss = chance.maybe(.4f) ? chance(.1f, .6f) : 0;
  add(BOX, Vec(0, -.1f, 0), Turn(), Vec(w, .1f, d), add(ground));
  add(BOX, Vec(0, h + .1f, 0), Turn(), Vec(w, .1f, d), ceiling);
  wall(Vec(0, 0, d), Turn(), w, h, back, chance.maybe(.35f)), wall(Vec(0, 0, -d), Turn(), w, h, walls, false);
  wall(Vec(-w, 0, 0), turnY(1.5708f), d, h, walls, chance.maybe(.3f)), wall(Vec(w, 0, 0), turnY(1.5708f), d, h, walls, chance.maybe(.3f));
  int lamps = 1 + chance.below(3);
  for (int i = 0; i < lamps; i++) scene.lights.push_back({Vec(chance(-w, w) * .7f, h - chance(.15f, .6f), chance(-d, d) * .8f), mix(Vec(1, .75f, .45f), Vec(.9f, .95f, 1), chance()) * chance(.5f, 2.2f) * (std::max(w, d) / 3)});
  scene.ambient = Vec(.32f, .31f, .3f) * chance(.4f, 1.4f);
  // overhead: lamps, beams, pipes, things on strings
  if (chance.maybe(.5f)) for (int i = 1 + chance.below(3); i--;) {
    Vec at(chance(-w, w) * .6f, h, chance(-d, d) * .7f);
    float drop = chance(.2f, .9f);
    rod(at, at - Vec(0, drop, 0), .008f, add(plain(Vec(.05f))));
    add(chance.maybe(.5f) ? BALL : TUBE, at - Vec(0, drop + .1f, 0), Turn(), Vec(chance(.1f, .3f), .12f, chance(.1f, .3f)), add(glowing(Vec(1, .92f, .75f), .9f)));
  }
  if (chance.maybe(.2f)) {
    int beam = add(anyMaterial(.4f));
    for (float z = -d + .5f; z < d; z += chance(.7f, 1.5f)) add(BOX, Vec(0, h - .1f, z), Turn(), Vec(w, .1f, .08f), beam);
  }
  if (chance.maybe(.12f)) rod(Vec(chance(-w, w) * .8f, h - .2f, -d), Vec(chance(-w, w) * .8f, h - .2f, d), chance(.03f, .15f), add(anyMaterial(.4f)));
  // on the walls
  for (int i = chance.below(7); i--;) {
    int side = chance.below(3);
    Vec half(chance(.15f, .7f), chance(.15f, .6f), .02f), at = side == 0 ? Vec(chance(-w, w) * .8f, chance(1, 2), d - .08f) : Vec(side == 1 ? -w + .08f : w - .08f, chance(1, 2), chance(-d, d) * .8f);
    Turn t = side == 0 ? Turn() : turnY(1.5708f);
    add(BOX, at, t, half, add(photographed(1, true)));
    if (chance.maybe(.6f)) add(BOX, at, t, Vec(half.x + .04f, half.y + .04f, .012f), add(anyMaterial(.2f)));
  }
  for (int i = 3 + chance.below(11); i--;) {
    Place p{Vec(chance(-w, w) * .85f, 0, chance(-.7f, 1) * d * .85f), turnY(chance(0, 6.28f)), 1};
    if (chance.maybe(.6f)) {
      int side = chance.below(3);
      p = side == 0 ? Place{Vec(chance(-w, w) * .8f, 0, d - .45f), turnY(3.1416f), 1} : Place{Vec(side == 1 ? -w + .45f : w - .45f, 0, chance(-d, d) * .8f), turnY(side == 1 ? 1.5708f : -1.5708f), 1};
    }
    chance.maybe(.1f) ? person(p) : furniture(p);
  }
  if (chance.maybe(.4f)) add(BOX, Vec(chance(-.5f, .5f), .01f, chance(-d, d) * .5f), turnY(chance(-.3f, .3f)), Vec(chance(.5f, 1.4f), .012f, chance(.5f, 1.4f)), add(anyMaterial(.3f)));
  Vec eye(chance(-w, w) * .65f, chance(.6f, std::min(1.8f, h - .3f)), -d * chance(.4f, .93f));
  float kind = chance();
  if (kind < .62f) look(eye, chance(-.6f, .6f), chance(-.45f, .12f), anyRoll(), anyAngle());
  else if (kind < .8f) look(eye, chance(-1.2f, 1.2f), chance(.2f, 1.1f), anyRoll(), anyAngle());     // up to the ceiling
  else look(eye, chance(-1.2f, 1.2f), chance(-1.2f, -.4f), chance(-.5f, .5f), anyAngle());            // down
}

inline float house(float x, float z, float side, float deep) {  // beside a street; gives its half length
  float half = chance(3, 11), high = chance.maybe(.2f) ? chance(8, 30) : chance(2.5f, 7);
  Vec c = chance.maybe(.6f) ? wallColour() : anyColour();
  int m = add(patterned(chance.maybe(.8f) ? FACADE : BRICKS, c, c * .7f, chance(1.6f, 3.4f)));
  Vec at(x + side * deep, high, z + half);
  add(BOX, at, Turn(), Vec(deep, high, half), m);
  int trim = add(anyMaterial(1));
  if (chance.maybe(.4f)) add(BOX, Vec(x, chance(2.6f, 3.4f), z + half), Turn(), Vec(.8f, .06f, half * .8f), trim);
  if (chance.maybe(.3f)) for (float y = 3; y < 2 * high - 1; y += 3) {  // balconies
    add(BOX, Vec(x - side * .5f, y, z + half), Turn(), Vec(.6f, .06f, half * .5f), trim);
    for (float u = -.5f; u < .5f; u += .04f) rod(Vec(x - side * 1.05f, y, z + half + u * half), Vec(x - side * 1.05f, y + .9f, z + half + u * half), .02f, trim);
  }
  if (chance.maybe(.3f)) add(BOX, Vec(x - side * .1f, chance(2, 5), z + half), turnY(side > 0 ? -1.5708f : 1.5708f), Vec(chance(.5f, 1.6f), chance(.3f, .8f), .05f), add(photographed(1, true)));
  if (chance.maybe(.4f) && high < 8) add(BOX, at + Vec(0, high, 0), turnZ(.785f), Vec(deep * .72f, deep * .72f, half * 1.02f), trim);
  return half;
}

inline void street() {
  daylight();
  Vec c = Vec(chance(.15f, .5f));
  Material ground = patterned(chance.maybe(.7f) ? GRAIN : BRICKS, c, c * chance(.6f, 1), chance(.2f, 3));
  if (chance.maybe(.2f)) ground.gloss = chance(.2f, .7f);
  add(BOX, Vec(0, -1, 0), Turn(), Vec(700, 1, 700), add(ground));
  float road = chance(1.5f, 8), line = road + chance(.5f, 6);
  bool closed = chance.maybe(.8f);
  int kerb = add(chance.maybe(.3f) ? patterned(GRAIN, leafColour(), leafColour(), .3f) : patterned(TILES, Vec(chance(.3f, .7f)), Vec(.3f), chance(.3f, .9f)));
  for (int side : {-1, 1}) {
    add(BOX, Vec(side * (road + 10), -.93f, 0), Turn(), Vec(10, 1.05f, 300), kerb);
    if (!closed && side == 1) continue;
    for (float z = -15, end = chance.maybe(.4f) ? 50 : 200; z < end;) z += 2 * house(side * (line + chance(0, 1)), z, side, chance(3, 8)) + (chance.maybe(.3f) ? chance(1, 9) : 0);
  }
  if (chance.maybe(.35f)) add(BOX, Vec(chance(-10, 10), 8, chance(40, 120)), Turn(), Vec(chance(6, 20), chance(6, 16), 5), add(patterned(FACADE, anyColour(), anyColour(), 2)));
  for (int i = chance.below(8); i--;) car({Vec(chance.sign() * std::max(.9f, road - 1.1f), 0, chance.log(3, 70)), turnY(chance.maybe(.5f) ? chance(-.1f, .1f) : 3.14f), 1});
  for (int i = chance.below(6); i--;) tree({Vec(chance.sign() * (road + chance(.3f, 2)), 0, chance.log(3, 80)), turnY(chance(0, 6)), chance(.7f, 1.5f)}, .6f);
  bool crowd = chance.maybe(.2f);
  for (int i = crowd ? 15 + chance.below(30) : chance.below(8); i--;) person({Vec(chance(-1, 1) * (road + 1.5f), .05f, chance.log(1.6f, 35)), turnY(chance(0, 6.28f)), chance(.75f, 1.1f)});
  for (int i = chance.below(7); i--;) pole({Vec(chance.sign() * (road + chance(.1f, .6f)), 0, chance.log(2, 60)), turnY(chance(0, 6)), 1});
  for (int i = chance.below(4); i--;) bush({Vec(chance.sign() * (road + chance(.5f, 2)), 0, chance.log(2, 25)), Turn(), chance(.6f, 2)}, .8f);
  for (int i = chance.below(4); i--;) furniture({Vec(chance(-1, 1) * (road + 1), .12f, chance.log(1.6f, 15)), turnY(chance(0, 6)), 1});
  if (chance.maybe(.3f)) {
    int black = add(plain(Vec(.03f)));
    for (int i = 2 + chance.below(6); i--;) {
      float z = chance(3, 30), y = chance(3.5f, 7);
      chance.maybe(.5f) ? wire(Vec(-line, y, z), Vec(line, y + chance(-.5f, .5f), z + chance(-6, 6)), chance(.1f, .8f), chance(.008f, .03f), black) : wire(Vec(chance(-4, 4), y, -5), Vec(chance(-4, 4), y, 60), chance(.5f, 2), chance(.01f, .04f), black);
    }
  }
  if (chance.maybe(.2f)) fence(Vec(-road - 1, 0, chance(2, 10)), Vec(road * chance(-.5f, 1.2f), 0, chance(2, 12)), chance(.7f, 2));
  if (chance.maybe(.12f)) {  // a passage overhead
    float z = chance(3, 20), y = chance(3, 6);
    add(BOX, Vec(0, y, z), Turn(), Vec(40, chance(.3f, 1), chance(1, 5)), add(anyMaterial(2)));
    for (int side : {-1, 1}) add(BOX, Vec(side * road, y / 2, z), Turn(), Vec(.4f, y / 2, .6f), add(anyMaterial(1)));
  }
  float kind = chance(), x = chance(-1, 1) * road * .8f;
  if (kind < .6f) look(Vec(x, chance(1, 1.9f), chance(-2, 0)), chance(-.6f, .6f), chance(-.15f, .2f), anyRoll(), anyAngle());
  else if (kind < .75f) look(Vec(x, chance(1, 1.9f), 0), chance(-1, 1), chance(.3f, 1), anyRoll(), anyAngle());                 // up
  else if (kind < .85f) look(Vec(x, chance(4, 14), -2), chance(-.5f, .5f), chance(-.7f, -.1f), anyRoll(), anyAngle());            // from a window
  else look(Vec(x, chance(1.4f, 2.5f), chance(-2, 12)), chance.sign() * chance(1.1f, 1.8f), chance(0, .45f), anyRoll(), anyAngle());  // a facade without ground
}

inline void land(bool wood) {
  daylight();
  scene.landReach = chance.maybe(.5f) ? 60 : 200;
  scene.heights.resize(landSide * landSide);
  float rise = wood ? chance(.1f, .8f) : chance.log(.3f, .25f * scene.landReach), detail = chance(1.5f, 5) / scene.landReach, shift = chance(0, 99), slope = wood ? 0 : chance(-.05f, .25f);
  for (int j = 0; j < landSide; j++)
    for (int i = 0; i < landSide; i++) {
      float x = (i / (landSide - 1.f) * 2 - 1) * scene.landReach, z = (j / (landSide - 1.f) * 2 - 1) * scene.landReach, away = clamp(std::sqrt(x * x + z * z) / (scene.landReach * .5f));
      scene.heights[j * landSide + i] = rise * (clouds(x * detail + shift, z * detail + shift, shift, 5) - .5f) * (.15f + away) + slope * std::max(0.f, z) * away * (noise(x * detail, shift, 3) - .2f);
    }
  Vec c = chance.maybe(.6f) ? hsv(chance(.15f, .32f), chance(.25f, .7f), chance(.12f, .45f)) : chance.maybe(.5f) ? hsv(chance(.07f, .12f), chance(.2f, .5f), chance(.3f, .7f)) : Vec(chance(.5f, .95f));
  Shape &ground = add(LAND, Vec(), Turn(), Vec(), add(patterned(GRAIN, c, chance.maybe(.6f) ? c * chance(.4f, .8f) : barkColour(), chance.log(.3f, 4))));
  ground.kind = LAND;
  float here = landHeight(0, 0);
  if (chance.maybe(.35f)) {
    Material water = patterned(MARBLE, Vec(.05f, .15f, .2f) * chance(.4f, 1.6f), Vec(.1f, .2f, .22f), chance(.4f, 2));
    water.gloss = chance(.6f, 1);
    add(BOX, Vec(0, here - chance(.1f, 1.5f) - 50, 0), Turn(), Vec(4000, 50, 4000), add(water));
  }
  for (int i = chance.below(4); i--;) {
    float far = chance.log(scene.landReach * 1.4f, 6000);
    Shape &s = add(RIDGE, Vec(chance(-1, 1) * far * .3f, here, far), Turn(), Vec(far * 1.6f, far * chance(.06f, .35f), .1f), add(patterned(MARBLE, hsv(chance(.2f, .6f), chance(.1f, .4f), chance(.2f, .5f)), Vec(.3f), far * .1f)));
    s.taper = chance();
  }
  for (int i = wood ? 25 + chance.below(40) : chance.below(22); i--;) {
    float z = chance.log(wood ? 1.3f : 2, scene.landReach * .85f), x = chance(-.8f, .8f) * z;
    Place p{Vec(x, landHeight(x, z) - .05f, z), turnY(chance(0, 6)), chance(.6f, 1.7f)};
    float kind = chance();
    if (kind < .62f) tree(p, z < 8 ? 1.2f : .4f);
    else if (kind < .82f) bush(p, z < 8 ? 1 : .3f);
    else add(BALL, p.at, turnY(chance(0, 6)).then(turnX(chance(-.5f, .5f))), Vec(chance(.2f, 1), chance(.15f, .7f), chance(.2f, 1)), add(patterned(MARBLE, Vec(chance(.2f, .55f)), Vec(chance(.2f, .5f)), .3f)));
  }
  for (int i = chance.below(4); i--;) {
    float z = chance.log(1.5f, 25), x = chance(-.5f, .5f) * z;
    Place p{Vec(x, landHeight(x, z), z), turnY(chance(0, 6.28f)), chance(.9f, 1.1f)};
    chance.maybe(.6f) ? person(p) : animal(p);
  }
  if (chance.maybe(.3f)) house(chance(-20, 20), chance(10, 60), chance.sign(), 4);
  if (chance.maybe(.2f)) fence(Vec(-6, landHeight(-6, 4), chance(2, 8)), Vec(8, landHeight(8, 9), chance(2, 20)), chance(.7f, 1.3f));
  if (chance.maybe(.15f)) {
    int wood_ = add(plain(barkColour())), black = add(plain(Vec(.03f)));
    Vec last;
    for (int i = 0; i < 5; i++) {
      Vec at(chance(-1, 1) + 5, 0, 4 + i * 14.f);
      at.y = landHeight(at.x, at.z);
      rod(at, at + Vec(0, 6, 0), .1f, wood_);
      if (i) for (int k : {0, 1, 2}) wire(last + Vec(k * .4f, 5.8f, 0), at + Vec(k * .4f, 5.8f, 0), .5f, .015f, black);
      last = at;
    }
  }
  if (chance.maybe(.5f)) grass(Vec(0, 0, 3), 3, 300 + chance.below(500), chance(.06f, .4f), landHeight);
  if (chance.maybe(.3f)) for (int i = 12; i--;) {
    float z = chance.log(.5f, 4), x = chance(-.6f, .6f) * z;
    flower({Vec(x, landHeight(x, z), z), Turn(), chance(1, 2.5f)}, chance(.15f, .4f));
  }
  float pitch = chance.maybe(.15f) ? chance(.3f, 1.1f) : chance.maybe(.15f) ? chance(-.9f, -.3f) : chance(-.3f, .12f);
  look(Vec(0, here + (chance.maybe(.8f) ? chance(.25f, 2) : chance.log(2, 20)), 0), chance(-.3f, .3f), pitch, anyRoll(), anyAngle());
}

// What hides the view of a thing that is put before the camera leaves.
inline void clearAround(const Vec &at, float radius) {
  std::vector<Shape> kept;
  for (const Shape &s : scene.shapes) {
    Vec size = s.high - s.low, d = s.centre - at, e = s.centre - camera.at;
    float reach = length(size) * .5f;
    bool big = reach > 3 || s.kind == LAND || s.kind == RIDGE, between = length(e) < length(at - camera.at) + reach && dot(unit(e), unit(at - camera.at)) > .75f;
    if (big || (length(d) > radius + reach && !between)) kept.push_back(s);
  }
  scene.shapes = kept;
}

inline void anywhere() {
  float kind = chance();
  kind < .4f ? room() : kind < .7f ? street() : land(chance.maybe(.5f));
}

// A face, a pet, a flower, fruit or a hand near the camera, before any place.
inline void closeUp() {
  anywhere();
  float yaw = std::atan2(camera.forward.x, camera.forward.z), far = chance.log(.35f, 2.6f), pitch = chance(-.5f, .15f);
  look(camera.at, yaw, pitch, anyRoll(), chance(.5f, 1));
  Vec at = camera.at + camera.forward * far + camera.right * (chance(-.25f, .25f) * far);
  clearAround(at, .35f * far + .2f);
  float kind = chance();
  if (kind < .35f) {
    far = std::max(far, .7f);
    at = camera.at + camera.forward * far + camera.right * (chance(-.25f, .25f) * far);
    for (int i = chance.maybe(.35f) ? 2 : 1; i--; at = at + camera.right * chance(.45f, .8f) + camera.forward * chance(-.1f, .8f)) person({Vec(at.x, at.y - 1.6f + chance(-.1f, .15f), at.z), turnY(yaw + 3.14f + chance(-.9f, .9f)), 1});
  } else if (kind < .5f) animal({at - Vec(0, .45f, 0), turnY(yaw + 3.14f + chance(-1, 1)), chance(.7f, 1.3f)});
  else if (kind < .7f) for (int i = 1 + chance.below(6); i--;) flower({at + camera.right * (chance(-.3f, .3f) * far) + camera.forward * (chance(-.1f, .6f) * far) - Vec(0, .3f, 0), Turn(), chance(.8f, 2.2f)}, chance(.2f, .4f));
  else if (kind < .8f) {  // a branch across the picture
    int bark = add(plain(barkColour())), leaf[3] = {leafMaterial(), leafMaterial(), leafMaterial()};
    for (int i = 1 + chance.below(4); i--;) {
      Vec a = at + camera.right * (-far * chance(.3f, .8f)) + camera.up * (far * chance(-.4f, .5f)), b = at + camera.right * (far * chance(.1f, .7f)) + camera.up * (far * chance(-.4f, .5f)) + camera.forward * (far * chance(-.2f, .5f));
      rod(a, b, .008f * far, bark, .5f);
      for (int k = 0; k < 4; k++) leaves(mix(a, b, chance()), Vec(.12f * far), 8, .07f * far, leaf);
    }
  } else if (kind < .9f) {  // a carton or tin held before the rest
    add(chance.maybe(.7f) ? BOX : TUBE, at, turnY(yaw + chance(-.8f, .8f)).then(turnX(chance(-.4f, .4f))), Vec(chance(.12f, .25f), chance(.2f, .4f), .12f) * far, add(photographed(.3f, true)));
    int skin = add(plain(mix(Vec(.75f, .5f, .38f), Vec(.12f, .06f, .04f), chance()), .1f));
    Vec wrist = at - camera.up * (far * .5f) + camera.right * (chance(-.2f, .2f) * far);
    rod(wrist - camera.up * (far * .5f), wrist, .07f * far, skin, .8f);
    for (int i = 0; i < 4; i++) rod(wrist, at + camera.right * ((i - 1.5f) * .06f * far) - camera.up * (.15f * far) - camera.forward * (.12f * far), .022f * far, skin, .8f);
  } else {
    Place p{at - Vec(0, .35f * far, 0), turnY(chance(0, 6)), far * chance(.4f, .9f)};
    furniture(p);
  }
}

// Things on a table, a shelf full of goods or heaps of fruit, seen from near.
inline void table() {
  anywhere();
  float yaw = std::atan2(camera.forward.x, camera.forward.z), pitch = chance(-1.2f, -.2f), far = chance(.5f, 1.1f);
  look(camera.at, yaw, pitch, anyRoll(), anyAngle());
  Vec at = camera.at + camera.forward * far;
  clearAround(at, .9f);
  Turn t = turnY(yaw + chance(-.4f, .4f));
  float kind = chance();
  if (kind < .55f) {
    Material m = anyMaterial(.4f);
    add(BOX, at - Vec(0, .03f, 0), t, Vec(chance(.5f, 1.2f), .03f, chance(.4f, .9f)), add(m));
    for (int i = 2 + chance.below(14); i--;) smallThing({at + t.out(Vec(chance(-.5f, .5f), 0, chance(-.4f, .5f))), turnY(chance(0, 6)), chance(.8f, 1.3f)});
    if (chance.maybe(.3f)) person({at + t.out(Vec(chance(-.4f, .4f), -.75f, 1.1f)), t.then(turnY(3.14f + chance(-.5f, .5f))), 1}, true);
  } else if (kind < .8f) {  // fruit in heaps
    for (int heap = 1 + chance.below(4); heap--;) {
      int m = add(patterned(MARBLE, hsv(chance(0, .35f), chance(.5f, .9f), chance(.3f, .9f)), hsv(chance(0, .3f), chance(.4f, .9f), chance(.2f, .8f)), .05f));
      scene.materials[m].gloss = chance(0, .5f);
      Vec middle = at + t.out(Vec(chance(-.5f, .5f), 0, chance(-.4f, .6f)));
      float r = chance(.025f, .07f), stretch = chance(.8f, 1.5f);
      for (int i = 60; i--;) {
        float x = chance(-.35f, .35f), z = chance(-.35f, .35f);
        add(BALL, middle + Vec(x, std::max(0.f, .18f - (x * x + z * z)) * chance(.6f, 1.1f), z), turnY(chance(0, 6)).then(turnX(chance(-1, 1))), Vec(r, r * stretch, r), m);
      }
    }
    add(BOX, at - Vec(0, .05f, 0), t, Vec(1.5f, .04f, 1.2f), add(anyMaterial(.4f)));
  } else {  // goods in rows, facing the camera
    look(camera.at, yaw, chance(-.4f, .3f), anyRoll(), anyAngle());
    Turn f = turnY(yaw);
    Vec base = camera.at + f.out(Vec(0, 0, chance(.7f, 1.6f)));
    int board = add(anyMaterial(.5f));
    for (int row = -3; row <= 3; row++) {
      float y = row * .36f;
      add(BOX, base + f.out(Vec(0, y, .2f)), f, Vec(3, .012f, .22f), board);
      for (float x = -2; x < 2;) {
        int goods = add(photographed(.2f, true)), count = 1 + chance.below(5);
        float w = chance(.03f, .09f), h = chance(.08f, .16f);
        bool tin = chance.maybe(.3f);
        for (; count-- && x < 2; x += 2 * w + .01f) add(tin ? TUBE : BOX, base + f.out(Vec(x + w, y + h + .012f, chance(.05f, .15f))), f, Vec(w, h, tin ? w : .06f), goods);
        if (chance.maybe(.1f)) x += .15f;
      }
    }
    add(BOX, base + f.out(Vec(0, 0, .45f)), f, Vec(3, 1.5f, .02f), board);
  }
}

const float ROOMS = .26f;

// `rooms`: the share of scenes that are rooms; the others keep their proportions.
inline void build(float rooms = ROOMS) {
  scene = Scene();
  float kind = chance();
  kind = kind < rooms ? 0 : ROOMS + (kind - rooms) * (1 - ROOMS) / std::max(1e-6f, 1 - rooms);
  kind < ROOMS ? room() : kind < .46f ? street() : kind < .64f ? land(chance.maybe(.5f)) : kind < .84f ? closeUp() : table();
  // Nothing that holds the camera or hangs on its lens.
  std::vector<Shape> kept;
  for (const Shape &s : scene.shapes) {
    Vec e = camera.at - s.centre;
    float reach = length(s.high - s.low) * .5f;
    if (s.kind == LAND || reach > 3 || length(e) > reach * .7f + .1f) kept.push_back(s);
  }
  scene.shapes = kept;
}
