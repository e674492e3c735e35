import { UnflatError } from 'unflat/plugin';
import { encodes } from './encodes.ts';

export interface Encoding {
  container: 'mp4' | 'webm';
  codec: 'avc' | 'vp9' | 'vp8';
  /** The codec with profile and level, as WebCodecs wants it. */
  codecString: string;
  /** Bits a second. */
  bitrate: number;
}

export interface Picture {
  width: number;
  height: number;
  fps: number;
}

/** Bits a pixel and frame with H.264; VP9 needs about two thirds of it. */
const BITS_A_PIXEL: Readonly<Record<string, number>> = { small: 0.08, standard: 0.2, high: 0.4 };
const VP9_PART = 0.65;
const LEAST_BITRATE = 300_000;

/** Level, macroblocks a second, macroblocks a frame, kbit/s (High profile allows a quarter more). ITU-T H.264, table A-1. */
const AVC_LEVELS = [
  [30, 40_500, 1_620, 10_000],
  [31, 108_000, 3_600, 14_000],
  [32, 216_000, 5_120, 20_000],
  [40, 245_760, 8_192, 20_000],
  [41, 245_760, 8_192, 50_000],
  [42, 522_240, 8_704, 50_000],
  [50, 589_824, 22_080, 135_000],
  [51, 983_040, 36_864, 240_000],
  [52, 2_073_600, 36_864, 240_000],
  [60, 4_177_920, 139_264, 240_000],
  [62, 16_711_680, 139_264, 800_000],
] as const;

/** Level, luma samples a second, luma samples a frame, longest side, kbit/s. VP9 levels and decoder testing, WebM project. */
const VP9_LEVELS = [
  [30, 20_736_000, 552_960, 2_752, 7_200],
  [31, 36_864_000, 983_040, 4_160, 12_000],
  [40, 83_558_400, 2_228_224, 4_160, 18_000],
  [41, 160_432_128, 2_228_224, 4_160, 30_000],
  [50, 311_951_360, 8_912_896, 8_384, 60_000],
  [51, 588_251_136, 8_912_896, 8_384, 120_000],
  [52, 1_176_502_272, 8_912_896, 8_384, 180_000],
  [60, 1_176_502_272, 35_651_584, 16_832, 180_000],
  [62, 4_706_009_088, 35_651_584, 16_832, 480_000],
] as const;

/** High, Main and Constrained Baseline profile. */
const AVC_PROFILES = ['6400', '4d40', '42e0'];

/** The lowest H.264 level (times ten) that holds the picture; browsers do not check it, players do. */
export function avcLevel({ width, height, fps }: Picture, bitrate: number): number {
  const across = Math.ceil(width / 16);
  const down = Math.ceil(height / 16);
  const blocks = across * down;
  const found = AVC_LEVELS.find(
    ([, rate, frame, kbits]) =>
      blocks <= frame && blocks * fps <= rate && Math.max(across, down) <= Math.sqrt(8 * frame) && bitrate <= kbits * 1000,
  );
  return (found ?? AVC_LEVELS.at(-1)!)[0];
}

/** The lowest VP9 level (times ten) that holds the picture. */
export function vp9Level({ width, height, fps }: Picture, bitrate: number): number {
  const samples = width * height;
  const found = VP9_LEVELS.find(
    ([, rate, frame, side, kbits]) =>
      samples <= frame && samples * fps <= rate && Math.max(width, height) <= side && bitrate <= kbits * 1000,
  );
  return (found ?? VP9_LEVELS.at(-1)!)[0];
}

function avcBitrate({ width, height, fps }: Picture, quality: string): number {
  return Math.max(LEAST_BITRATE, Math.round(width * height * fps * (BITS_A_PIXEL[quality] ?? BITS_A_PIXEL['standard']!)));
}

function vp9Bitrate(picture: Picture, quality: string): number {
  return Math.max(LEAST_BITRATE, Math.round(avcBitrate(picture, quality) * VP9_PART));
}

/** About how large a video of so many frames is, in bytes: encoders keep to the bitrate. */
export function videoBytes(picture: Picture, count: number, format: string, quality: string): number {
  return ((format === 'webm' ? vp9Bitrate : avcBitrate)(picture, quality) * count) / picture.fps / 8;
}

/** What could be used, best first. */
export function candidates(picture: Picture, format: string, quality: string): Encoding[] {
  const bitrate = avcBitrate(picture, quality);
  const webmBitrate = vp9Bitrate(picture, quality);
  const level = avcLevel(picture, bitrate).toString(16).padStart(2, '0');
  const mp4 = AVC_PROFILES.map((profile): Encoding => ({
    container: 'mp4',
    codec: 'avc',
    codecString: `avc1.${profile}${level}`,
    bitrate,
  }));
  const webm: Encoding[] = [
    { container: 'webm', codec: 'vp9', codecString: `vp09.00.${vp9Level(picture, webmBitrate)}.08`, bitrate: webmBitrate },
    { container: 'webm', codec: 'vp8', codecString: 'vp8', bitrate },
  ];
  return format === 'mp4' ? mp4 : format === 'webm' ? webm : [...mp4, ...webm];
}

/**
 * The best encoding that this browser offers for the picture, and that takes two frames: some say that they support what they then fail at.
 * @param format `auto`, `mp4` or `webm`; auto is MP4 with H.264, else WebM.
 * @throws UnflatError `unsupported` when there is none.
 */
export async function chooseEncoding(picture: Picture, format: string, quality: string): Promise<Encoding> {
  const { width, height, fps } = picture;
  for (const encoding of candidates(picture, format, quality)) {
    const config = { codec: encoding.codecString, width, height, bitrate: encoding.bitrate, framerate: fps };
    const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }));
    if (supported && (await encodes(config))) return encoding;
  }
  const wanted = format === 'mp4' ? 'H.264' : format === 'webm' ? 'VP9 or VP8' : 'any kind of';
  const instead = format === 'auto' ? ', or save a GIF' : ', or another format';
  throw new UnflatError(
    'unsupported',
    `This browser cannot encode ${wanted} video of ${width} × ${height} pixels; choose a smaller size${instead}.`,
  );
}
