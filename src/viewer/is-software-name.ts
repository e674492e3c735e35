/** Whether a renderer of that name is a program that stands in for a graphics card. */
export function isSoftwareName(renderer: string): boolean {
  return /swiftshader|llvmpipe|software|basic render/i.test(renderer);
}
