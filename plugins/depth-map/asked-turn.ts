/** How a map can be turned, by the option's value, as EXIF numbers it: mirrored left to right where it says so, then turned clockwise. */
const TURNS: Readonly<Record<string, { orientation: number; label: string; done: string }>> = {
  none: { orientation: 1, label: 'As it is', done: 'left as it is' },
  90: { orientation: 6, label: '90° clockwise', done: 'turned 90° clockwise' },
  180: { orientation: 3, label: '180°', done: 'turned by 180°' },
  270: { orientation: 8, label: '90° anticlockwise', done: 'turned 90° anticlockwise' },
  mirror: { orientation: 2, label: 'Mirrored', done: 'mirrored left to right' },
  'mirror-90': { orientation: 7, label: 'Mirrored, then 90° clockwise', done: 'mirrored and turned 90° clockwise' },
  'mirror-180': { orientation: 4, label: 'Mirrored, then 180°', done: 'mirrored top to bottom' },
  'mirror-270': { orientation: 5, label: 'Mirrored, then 90° anticlockwise', done: 'mirrored and turned 90° anticlockwise' },
};

/** The choices of the option `turn`, but for `auto`. */
export const TURN_CHOICES = ['none', '90', '180', '270', 'mirror', 'mirror-90', 'mirror-180', 'mirror-270'].map((value) => ({
  value,
  label: TURNS[value]?.label ?? value,
}));

/** EXIF orientation 1..8 of a value of the option `turn`; undefined for `auto`. */
export function askedTurn(value: unknown): number | undefined {
  return TURNS[String(value)]?.orientation;
}

/** What was done to a map, for people: "turned by 180°". */
export function turnDone(orientation: number): string {
  return Object.values(TURNS).find((turn) => turn.orientation === orientation)?.done ?? '';
}

/** The orientation that takes another one back. */
export function inverseTurn(orientation: number): number {
  return orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
}
